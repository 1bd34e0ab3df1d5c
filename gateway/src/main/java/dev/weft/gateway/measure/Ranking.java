package dev.weft.gateway.measure;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Ranks adapters by how busy they are, at regular times, in a loop of its own. */
final class Ranking implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final RequestMetrics metrics;
    private final LongSupplier nanos;
    private final Loop loop;

    /**
     * Ranks nothing yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    Ranking(RequestMetrics metrics, LongSupplier nanos, Loops loops) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.loop = loops.loop("adapter-ranking", this::rank);
    }

    void start() {
        loop.start();
    }

    private Duration rank() {
        metrics.rank(Instant.EPOCH.plusNanos(nanos.getAsLong()));
        return PAUSE;
    }

    @Override
    public void close() {
        loop.close();
    }
}
