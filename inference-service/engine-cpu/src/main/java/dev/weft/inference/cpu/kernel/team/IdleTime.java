package dev.weft.inference.cpu.kernel.team;

/**
 * The time that one thread is awake and has nothing to do: what it spins away while it waits. The
 * thread itself calls {@link #begin} and {@link #end}, each of which reads the clock once (some 25
 * ns); any thread reads. Its CPU time would be the same but for what it loses its core for, and to
 * ask for that is a call of the kernel, four of which in every step were seen to cost a tenth of
 * the tokens/s on two busy cores.
 */
public final class IdleTime {
    private static final long NONE = 0;

    /** Nanoseconds of all stretches that have ended. The thread alone writes. */
    private volatile long ended;

    /** When the stretch began; {@link #NONE} between two of them. The thread alone writes. */
    private volatile long begun = NONE;

    private long reported;

    /** The thread has nothing to do, and does not sleep. */
    public void begin() {
        long now = System.nanoTime();
        begun = now == NONE ? now + 1 : now;
    }

    /** It works, or sleeps. Nothing happens where it did so before. */
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
