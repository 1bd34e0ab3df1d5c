/**
 * {@code bench}: a load generator for any server with OpenAI's interface, synthetic adapters to
 * load it with, and the perplexity of a base in each precision. Standard output has the figures,
 * standard error the progress.
 */
@NullMarked
package dev.weft.standalone.bench;

import org.jspecify.annotations.NullMarked;
