package dev.weft.gateway.measure;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Clock;
import java.time.Duration;

/** Ranks adapters by how busy they are, at regular times, in a loop of its own. */
final class Ranking implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final RequestMetrics metrics;
    private final Clock clock;
    private final Loop loop;

    Ranking(RequestMetrics metrics, Clock clock, Loops loops) {
        this.metrics = metrics;
        this.clock = clock;
        this.loop = loops.loop("adapter-ranking", this::rank);
    }

    void start() {
        loop.start();
    }

    private Duration rank() {
        metrics.rank(clock.instant());
        return PAUSE;
    }

    @Override
    public void close() {
        loop.close();
    }
}
