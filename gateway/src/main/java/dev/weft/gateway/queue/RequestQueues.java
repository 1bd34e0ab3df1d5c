package dev.weft.gateway.queue;

import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The queues of all bases. A loop looks for room while requests wait, since workers tell of it at
 * times of their own. The end of one of this gateway's requests is noticed at once. Any thread.
 */
public final class RequestQueues implements AutoCloseable {
    /** A worker looks ten times a second whether it has something to tell. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Map<String, BaseQueue> queues = new ConcurrentHashMap<>();
    private final WorkerPool workers;
    private final Crowd.Bounds bounds;
    private final Map<String, Integer> weights;
    private final Rooms rooms;
    private final QueueMetrics metrics;
    private final Loop loop;

    /** The loop may sleep for long. */
    private volatile boolean idle = true;

    RequestQueues(WorkerPool workers, QueueSettings settings, QueueMetrics metrics, Loops loops) {
        this.workers = workers;
        this.bounds =
                new Crowd.Bounds(
                        settings.maxRequests(),
                        settings.maxBytes().toBytes(),
                        settings.maxWait(),
                        settings.adapterWait());
        this.weights =
                settings.tenantWeights().stream()
                        .collect(
                                Collectors.toMap(
                                        TenantWeight::tenant, TenantWeight::weight, (_, b) -> b));
        this.rooms = new Rooms(settings.workerBacklog(), settings.workerRequests());
        this.metrics = metrics;
        this.loop = loops.loop("request-queues", this::look);
    }

    /** Starts to look. */
    void start() {
        loop.start();
    }

    /** Says how many more requests workers may be given. */
    public Rooms rooms() {
        return rooms;
    }

    /** The queue of a base. */
    public BaseQueue of(String base) {
        BaseQueue known = queues.get(base);
        return known == null ? queues.computeIfAbsent(base, this::create) : known;
    }

    private BaseQueue create(String base) {
        return new BaseQueue(
                base,
                bounds,
                tenant -> weights.getOrDefault(tenant, 1),
                () -> rooms.of(base, workers.snapshot()),
                System::nanoTime,
                metrics);
    }

    /** Takes a place in the queue of a base; see {@link BaseQueue#enter}. */
    public QueuePlace enter(String base, Newcomer who) {
        return awake(of(base).enter(who));
    }

    /**
     * Takes a place beside that queue until a condition is true, which is asked 40 times a second
     * and must answer at once. The place counts as one of the queue; see {@link BaseQueue#enter}.
     */
    public QueuePlace hold(String base, Newcomer who, BooleanSupplier condition) {
        return awake(of(base).hold(who, condition));
    }

    private QueuePlace awake(QueuePlace place) {
        if (idle) {
            loop.wake();
        }
        return place;
    }

    private Duration look() {
        for (BaseQueue queue : queues.values()) {
            queue.look();
            queue.admit();
        }
        // whoever enters after this look reads it, and wakes the loop
        idle = true;
        idle = queues.values().stream().allMatch(queue -> queue.waiting() == 0);
        return idle ? IDLE : LOOK;
    }

    @Override
    public void close() {
        loop.close();
    }
}
