package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.completion.RequestTimes;

/** Tells the times of a stream's events as those of tokens. One thread at a time. */
final class StreamTimes {
    private static final double NANOS = 1e9;

    private final RequestTimes times;
    private long last;
    private boolean begun;

    /**
     * @param arrived {@link System#nanoTime()} of the request
     */
    StreamTimes(RequestTimes times, long arrived) {
        this.times = times;
        this.last = arrived;
    }

    /** Whether an event was told. */
    boolean begun() {
        return begun;
    }

    void event() {
        long now = System.nanoTime();
        double seconds = (now - last) / NANOS;
        if (begun) {
            times.nextToken(seconds);
        } else {
            times.firstToken(seconds);
        }
        begun = true;
        last = now;
    }
}
