package dev.weft.gateway.measure;

import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ranks adapters by how busy they are, every so often, on a virtual thread of its own. */
final class Ranking implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final RequestMetrics metrics;
    private final Clock clock;
    private @Nullable Thread thread;

    Ranking(RequestMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    synchronized void start() {
        thread = Thread.ofVirtual().name("adapter-ranking").start(this::keepRanking);
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void keepRanking() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                metrics.rank(clock.instant());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }
}
