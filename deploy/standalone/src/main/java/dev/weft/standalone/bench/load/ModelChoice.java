package dev.weft.standalone.bench.load;

import java.util.SplittableRandom;

/** Picks the model of a request. */
@FunctionalInterface
public interface ModelChoice {
    /**
     * Picks the index of a model.
     *
     * @param request number of the request, from 0
     * @param stream number of the stream that sends it, from 0
     * @param random random numbers of this request
     */
    int choose(long request, int stream, SplittableRandom random);
}
