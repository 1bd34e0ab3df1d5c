package dev.weft.gateway.health;

import dev.weft.gateway.discovery.Discovery;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Reports ready if a worker is ready and either the catalog was heard once or 10 s have passed
 * since the start. A gateway that starts while the catalog is away thus serves the base rather than
 * nothing.
 */
final class GatewayHealth implements HealthIndicator {
    static final Duration GRACE = Duration.ofSeconds(10);

    private final WorkerPool workers;
    private final Discovery discovery;
    private final CatalogView view;
    private final FeedFollower follower;
    private final LongSupplier nanos;
    private final long started;

    /**
     * The gateway starts now.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    GatewayHealth(
            WorkerPool workers,
            Discovery discovery,
            CatalogView view,
            FeedFollower follower,
            LongSupplier nanos) {
        this.workers = workers;
        this.discovery = discovery;
        this.view = view;
        this.follower = follower;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
    }

    @Override
    public Health health() {
        long ready = workers.snapshot().stream().filter(WorkerSnapshot::ready).count();
        boolean namesKnown = view.initialised() || nanos.getAsLong() - started >= GRACE.toNanos();
        Health.Builder health = ready > 0 && namesKnown ? Health.up() : Health.outOfService();
        return health.withDetail("workersReady", ready)
                .withDetail("workerSources", discovery.described())
                .withDetail("catalogConnected", follower.connected())
                .withDetail("catalogSequence", view.sequence())
                .build();
    }
}
