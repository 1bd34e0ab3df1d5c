/**
 * {@code bench}: a load generator for any server with OpenAI's interface, synthetic adapters to
 * load it with, and the perplexity of a base in each precision. The figures go to standard output,
 * the progress to standard error.
 */
@NullMarked
package dev.weft.standalone.bench;

import org.jspecify.annotations.NullMarked;
