package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.bench.stream.Outcome;

/**
 * A request and its outcome.
 *
 * @param begun when it was sent, in nanoseconds of {@link System#nanoTime}
 * @param ended when it ended
 */
public record RequestSample(int model, int askedTokens, long begun, long ended, Outcome outcome) {
    static RequestSample of(Load.Request request, long begun, long ended, Outcome outcome) {
        return new RequestSample(request.model(), request.outputTokens(), begun, ended, outcome);
    }
}
