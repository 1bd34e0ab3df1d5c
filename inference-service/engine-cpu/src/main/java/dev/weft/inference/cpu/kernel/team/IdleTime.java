package dev.weft.inference.cpu.kernel.team;

/**
 * The time that one thread is awake and has nothing to do: it spins while it waits. The thread
 * itself calls {@link #begin} and {@link #end}, each of which reads the clock once (some 25 ns);
 * any thread reads. The thread's CPU time would be the same, except for the time without its core.
 * But to ask for it is a system call, and four of these in every step cost a tenth of the tokens/s
 * on two busy cores.
 */
public final class IdleTime {
    private static final long NONE = 0;

    /** Nanoseconds of all stretches that have ended. The thread alone writes. */
    private volatile long ended;

    /**
     * The time when the stretch began; {@link #NONE} between two of them. The thread alone writes.
     */
    private volatile long begun = NONE;

    private long reported;

    /** The thread has nothing to do, and does not sleep. */
    public void begin() {
        long now = System.nanoTime();
        begun = now == NONE ? now + 1 : now;
    }

    /** The thread works, or sleeps. Nothing happens if it did so before. */
    public void end() {
        long since = begun;
        if (since != NONE) {
            begun = NONE; // first, so that no reader counts the stretch twice
            ended = ended + System.nanoTime() - since;
        }
    }

    /** Nanoseconds so far; never falls. */
    public synchronized long nanos() {
        long sum = ended;
        long since = begun;
        long now = since == NONE ? sum : sum + System.nanoTime() - since;
        reported = Math.max(reported, now);
        return reported;
    }
}
