package dev.weft.inference.cpu.kernel.team;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that runs one region at a time, each member its own slice, with barriers
 * in between. The calling thread is member 0. Members spin for a moment after a region, since the
 * next one usually follows at once, and park when none comes: an idle team uses no CPU.
 *
 * <p>One owner thread calls {@link #run}; {@link #close} ends the other members.
 */
public final class Team implements AutoCloseable {
    /** What each member of the team executes. */
    @FunctionalInterface
    public interface Region {
        void run(Member member);
    }

    /**
     * Turns of a spin, about 50 microseconds on current machines: longer than the gap between two
     * steps.
     */
    private static final int SPINS_BEFORE_PARKING = 2_000;

    /** A barrier waits longer than that only if a member lost its core: give ours away. */
    private static final int SPINS_BEFORE_YIELDING = 1_000;

    private final int size;
    private final Thread[] helpers;

    /** Idle time of the helpers; empty if it is not measured. */
    private final IdleTime[] idle;

    private final Barrier barrier;
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger regionNumber = new AtomicInteger();
    private volatile @Nullable Region region;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;

    /** Starts {@code size - 1} daemon threads. */
    public Team(int size) {
        this(size, false);
    }

    /**
     * Starts {@code size - 1} daemon threads.
     *
     * @param measured whether to measure how long the threads are awake between regions
     */
    public Team(int size, boolean measured) {
        this(size, measured, false);
    }

    /**
     * Starts {@code size - 1} daemon threads.
     *
     * @param measured whether to measure how long the threads are awake between regions
     * @param pinned whether each of them is bound to a processor of its own. The first processor is
     *     left to the calling thread, which is not bound, since whatever it starts would be too. If
     *     the system has no call for it, or fewer processors, the log says so
     */
    public Team(int size, boolean measured, boolean pinned) {
        if (size < 1) {
            throw new IllegalArgumentException("team size " + size + ": at least 1");
        }
        this.size = size;
        this.barrier = new Barrier(size);
        this.helpers = new Thread[size - 1];
        this.idle = new IdleTime[measured ? helpers.length : 0];
        PinnedProcessors pins = pinned ? PinnedProcessors.of(size) : PinnedProcessors.NONE;
        for (int i = 0; i < helpers.length; i++) {
            Member member = new Member(i + 1);
            @Nullable IdleTime time = measured ? new IdleTime() : null;
            if (time != null) {
                idle[i] = time;
            }
            helpers[i] =
                    Thread.ofPlatform()
                            .name("weft-engine-" + (i + 1))
                            .daemon()
                            .unstarted(() -> serve(member, time, pins));
        }
        for (Thread helper : helpers) {
            helper.start();
        }
    }

    public int size() {
        return size;
    }

    /**
     * Runs the region on every member and returns when all have finished.
     *
     * @throws IllegalStateException if a member failed; the cause is its exception
     */
    public void run(Region next) {
        region = next;
        finished.set(0);
        regionNumber.incrementAndGet();
        wake(0);
        execute(next, new Member(0));
        int spins = 0;
        while (finished.get() < helpers.length) {
            spins = pause(spins);
        }
        Throwable cause = failure.getAndSet(null);
        if (cause != null) {
            barrier.reset();
            throw new IllegalStateException("the engine's step failed: " + cause, cause);
        }
    }

    /** Barriers so far, modulo 2^32; between regions. Tests count those of a step. */
    public int barriers() {
        return barrier.phase();
    }

    /**
     * Nanoseconds that the threads of this team were awake between regions; 0 if that is not
     * measured. The calling thread's are not included. Any thread.
     */
    public long idleNanos() {
        long sum = 0;
        for (IdleTime one : idle) {
            sum += one.nanos();
        }
        return sum;
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        for (Thread helper : helpers) {
            try {
                helper.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(Member member, @Nullable IdleTime time, PinnedProcessors pins) {
        pins.bind(member.index);
        int seen = 0;
        while (true) {
            await(seen, time);
            if (closed) {
                return;
            }
            seen = regionNumber.get();
            wake(member.index);
            Region current = region;
            if (current != null) {
                execute(current, member);
            }
            finished.incrementAndGet();
        }
    }

    /** Each member wakes a few others, so that none wakes all. */
    private void wake(int member) {
        int first = Barrier.ARITY * member + 1;
        for (int i = first; i < Math.min(size, first + Barrier.ARITY); i++) {
            LockSupport.unpark(helpers[i - 1]);
        }
    }

    /** Waits until there is another region than the one that was seen, or the team is closed. */
    private void await(int seen, @Nullable IdleTime time) {
        begin(time);
        int spins = 0;
        while (regionNumber.get() == seen && !closed) {
            if (++spins < SPINS_BEFORE_PARKING) {
                Thread.onSpinWait();
            } else {
                end(time);
                LockSupport.park(this);
                begin(time);
            }
        }
        end(time);
    }

    private static void begin(@Nullable IdleTime time) {
        if (time != null) {
            time.begin();
        }
    }

    private static void end(@Nullable IdleTime time) {
        if (time != null) {
            time.end();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint while another member has lost its core
    private static int pause(int spins) {
        if (spins < SPINS_BEFORE_YIELDING) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return spins + 1;
    }

    private void execute(Region current, Member member) {
        try {
            current.run(member);
        } catch (Throwable e) {
            // Members that wait at a barrier see it there and leave the region too.
            failure.compareAndSet(null, e);
        }
    }

    /** One thread's place in a region. */
    public final class Member {
        private final int index;

        private Member(int index) {
            this.index = index;
        }

        /** 0 to {@code size - 1}. */
        public int index() {
            return index;
        }

        public int size() {
            return size;
        }

        /** First of this member's share of {@code count} items, in multiples of {@code unit}. */
        public int from(int count, int unit) {
            return share(index, count, unit);
        }

        /** End (exclusive) of this member's share. */
        public int to(int count, int unit) {
            return share(index + 1, count, unit);
        }

        /**
         * Waits until every member has come here; what they wrote before is visible after.
         *
         * @throws IllegalStateException if another member failed and will not come
         */
        public void barrier() {
            int current = barrier.phase();
            if (barrier.arrive(index)) {
                return;
            }
            int spins = 0;
            while (barrier.phase() == current) {
                Throwable cause = failure.get();
                if (cause != null) {
                    throw new IllegalStateException("another member failed", cause);
                }
                spins = pause(spins);
            }
        }

        private int share(int part, int count, int unit) {
            int units = (count + unit - 1) / unit;
            return Math.min(count, (int) ((long) units * part / size) * unit);
        }
    }
}
