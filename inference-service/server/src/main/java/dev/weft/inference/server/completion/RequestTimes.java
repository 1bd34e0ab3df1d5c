package dev.weft.inference.server.completion;

import dev.weft.protocol.adapter.AdapterDigest;
import org.jspecify.annotations.Nullable;

/**
 * Receives the times of requests' choices, in seconds. Called by the engine's thread too: return at
 * once.
 */
public interface RequestTimes {
    /** From arrival to a row, the wait for the adapter included; null for the base. */
    void queued(@Nullable AdapterDigest adapter, double seconds);

    /** From arrival to the first token. */
    void firstToken(double seconds);

    /** Between two tokens. */
    void nextToken(double seconds);

    /** From arrival to the end of a whole answer. */
    void answered(EndReason reason, double seconds);

    /**
     * The same for one request that is traced, so that its trace can be found by the times.
     *
     * @param traceId in hexadecimal, as W3C's Trace Context has it
     */
    default RequestTimes traced(String traceId, String spanId) {
        return this;
    }

    /** Of nobody who listens. */
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
