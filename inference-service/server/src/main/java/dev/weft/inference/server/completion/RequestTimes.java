package dev.weft.inference.server.completion;

import dev.weft.protocol.adapter.AdapterDigest;
import org.jspecify.annotations.Nullable;

/**
 * Receives the times of requests' choices, in seconds. The engine's thread calls it too: return at
 * once.
 */
public interface RequestTimes {
    /** Time from arrival to a row, with the wait for the adapter; null for the base. */
    void queued(@Nullable AdapterDigest adapter, double seconds);

    /** Time from arrival to the first token. */
    void firstToken(double seconds);

    /** The time between two tokens. */
    void nextToken(double seconds);

    /** Time from arrival to the end of a whole answer. */
    void answered(EndReason reason, double seconds);

    /**
     * Returns the receiver for one traced request, so that its trace can be found by its times.
     *
     * @param traceId in hexadecimal, as in W3C's Trace Context
     */
    default RequestTimes traced(String traceId, String spanId) {
        return this;
    }

    /** Times that nobody listens to. */
    RequestTimes IGNORED =
            new RequestTimes() {
                @Override
                public void queued(@Nullable AdapterDigest adapter, double seconds) {}

                @Override
                public void firstToken(double seconds) {}

                @Override
                public void nextToken(double seconds) {}

                @Override
                public void answered(EndReason reason, double seconds) {}
            };
}
