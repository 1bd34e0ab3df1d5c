/**
 * Vectors and scores: reads bodies of {@code /v1/embeddings}, {@code /v1/score}, {@code /v1/rerank}
 * and {@code /v1/classify} as vLLM has them, has the engine make a vector of each input, and writes
 * the answers. Bodies are read on virtual threads; nothing is kept between requests.
 */
@NullMarked
package dev.weft.inference.server.http.pooling;

import org.jspecify.annotations.NullMarked;
