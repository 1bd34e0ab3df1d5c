/**
 * {@code bench perplexity}: how well the base of a deployment predicts a text in each precision.
 * Loads the model in this process; needs no server. Standard output has the figures, standard error
 * the progress.
 */
@NullMarked
package dev.weft.standalone.bench.perplexity;

import org.jspecify.annotations.NullMarked;
