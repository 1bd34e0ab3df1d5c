package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.answer.PooledAnswer;

/** Finds the scores of pairs of texts in an answer. */
interface PairScores {
    double[] of(PooledAnswer answer);
}
