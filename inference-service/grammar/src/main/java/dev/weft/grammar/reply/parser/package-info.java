/**
 * Takes replies apart: thoughts, text, and calls with their arguments as JSON. Nothing here relies
 * on a grammar, since some engines enforce none. One thread at a time.
 */
@NullMarked
package dev.weft.grammar.reply.parser;

import org.jspecify.annotations.NullMarked;
