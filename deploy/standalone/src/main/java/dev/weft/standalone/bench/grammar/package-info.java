/**
 * {@code bench grammar}: walks the instances of many schemas through their grammars, token by
 * token, and says which are served, how exactly and how fast. It needs a tokenizer and no server.
 * The table goes to standard output, the progress to standard error.
 */
@NullMarked
package dev.weft.standalone.bench.grammar;

import org.jspecify.annotations.NullMarked;
