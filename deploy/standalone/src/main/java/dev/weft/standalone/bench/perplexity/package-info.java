/**
 * {@code bench perplexity}: how well the base of a deployment predicts a text in each precision. It
 * loads the model in this process and needs no server. The figures go to standard output, the
 * progress to standard error.
 */
@NullMarked
package dev.weft.standalone.bench.perplexity;

import org.jspecify.annotations.NullMarked;
