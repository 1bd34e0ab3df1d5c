package dev.weft.inference.server.state;

import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the worker's states in a loop. It tells each follower those that are new, and one each
 * second in any case, so that the follower knows that the last one still holds. Followers come and
 * go on any thread.
 */
public final class States implements AutoCloseable {
    /** Takes states in the loop's thread; must not wait. */
    public interface Follower {
        void tell(WorkerState state);

        /** There will be no more states. */
        void end();
    }

    private static final Duration LOOK = Duration.ofMillis(100);

    /** Looks after which an unchanged state is told again. */
    private static final int MOST_SILENT = 10;

    private final AdapterResidency residency;
    private final int slots;
    private final ServedPaths served;
    private final LoadSource load;
    private final Loop loop;
    private final Set<Follower> followers = new CopyOnWriteArraySet<>();
    private volatile boolean draining;

    // Only the loop's thread uses these.
    private @Nullable WorkerState told;
    private int silent;

    /**
     * Tells nobody yet.
     *
     * @param slots adapters that the engine holds at once
     */
    States(
            AdapterResidency residency,
            int slots,
            ServedPaths served,
            LoadSource load,
            Loops loops) {
        this.residency = residency;
        this.slots = slots;
        this.served = served;
        this.load = load;
        this.loop = loops.loop("worker-states", this::look);
    }

    /** Begins. */
    public void start() {
        loop.start();
    }

    /** Tells the follower all states from now on, the first within a second. */
    public void follow(Follower follower) {
        followers.add(follower);
        if (draining && followers.remove(follower)) {
            last(follower);
        } else {
            loop.wake();
        }
    }

    /** Tells the follower nothing more. */
    public void leave(Follower follower) {
        followers.remove(follower);
    }

    /** The worker takes no more requests: the followers hear it at once, as the last state. */
    @Override
    public void close() {
        draining = true;
        loop.close();
        List.copyOf(followers).stream().filter(followers::remove).forEach(this::last);
    }

    private void last(Follower follower) {
        follower.tell(state());
        follower.end();
    }

    private Duration look() {
        if (followers.isEmpty()) {
            told = null;
            return LOOK.multipliedBy(MOST_SILENT);
        }
        WorkerState now = state();
        if (now.equals(told) && ++silent < MOST_SILENT) {
            return LOOK;
        }
        told = now;
        silent = 0;
        followers.forEach(follower -> follower.tell(now));
        return LOOK;
    }

    private WorkerState state() {
        return new WorkerState(draining, slots, residency.inMemory(), served.paths(), load.load());
    }
}
