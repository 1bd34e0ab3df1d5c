package dev.weft.inference.server.residency.artifact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work of many tenants, a bounded number of pieces at a time. Tenants take turns: next is the
 * first piece of the tenant that was served longest ago, so that a tenant that asks for a thousand
 * adapters delays each other one as if it asked for one.
 *
 * <p><b>The bound.</b> Before a tenant's first piece of work begins, each other tenant begins at
 * most one, besides those that run already.
 *
 * <p>Safe for any thread; one lock, held for no work.
 */
final class TenantTurns {
    private static final Logger LOG = LoggerFactory.getLogger(TenantTurns.class);

    private record Turn(String tenant, Runnable work) {}

    private final Executor threads;
    private final int most;
    private final int mostOfOne;

    /** Waiting work by tenant, the one served longest ago first. */
    private final Map<String, Deque<Runnable>> waiting = new LinkedHashMap<>();

    private final Map<String, Integer> running = new HashMap<>();
    private int all;

    /**
     * @param threads that run it
     * @param most pieces of work at a time
     * @param mostOfOne of one tenant's
     */
    TenantTurns(Executor threads, int most, int mostOfOne) {
        this.threads = threads;
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /**
     * Runs work when its turn comes.
     *
     * @throws RejectedExecutionException if it could begin and the threads take nothing more
     */
    void execute(String tenant, Runnable work) {
        Turn turn = add(tenant, work);
        if (turn == null) {
            return;
        }
        try {
            threads.execute(() -> run(turn));
        } catch (RejectedExecutionException e) {
            end(turn);
            throw e;
        }
    }

    /** Adds work; returns what can begin now. */
    private synchronized @Nullable Turn add(String tenant, Runnable work) {
        waiting.computeIfAbsent(tenant, _ -> new ArrayDeque<>()).add(work);
        return take();
    }

    private void run(Turn first) {
        Turn turn = first;
        while (turn != null) {
            try {
                turn.work().run();
            } catch (RuntimeException | Error e) {
                LOG.error("work for tenant '{}' has failed", turn.tenant(), e);
            }
            turn = after(turn);
        }
    }

    private synchronized @Nullable Turn after(Turn done) {
        end(done);
        return take();
    }

    private synchronized void end(Turn done) {
        all--;
        running.computeIfPresent(done.tenant(), (_, count) -> count == 1 ? null : count - 1);
    }

    private synchronized @Nullable Turn take() {
        if (all == most) {
            return null;
        }
        for (var next : waiting.entrySet()) {
            if (running.getOrDefault(next.getKey(), 0) < mostOfOne) {
                return take(next.getKey(), next.getValue());
            }
        }
        return null;
    }

    private Turn take(String tenant, Deque<Runnable> its) {
        Turn turn = new Turn(tenant, its.remove());
        waiting.remove(tenant);
        if (!its.isEmpty()) {
            waiting.put(tenant, its);
        }
        running.merge(tenant, 1, Integer::sum);
        all++;
        return turn;
    }
}
