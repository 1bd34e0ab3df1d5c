package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.constraint.TokenConstraint;
import java.util.Optional;

/**
 * The constraint of a row, and whether its next token waits for a mask. The owner thread and its
 * team use it; while {@link #awaits}, the constraint itself belongs to the thread that makes the
 * mask.
 */
public final class RowConstraint {
    /**
     * A test of one token takes microseconds. A constraint that took longer than this is asked on a
     * mask thread for some tokens: {@link #MORE} times as many each time. Tokens that take long
     * there don't count.
     */
    private static final long LONGEST_NANOS = 1_000_000;

    private static final long MORE = 16;

    /**
     * Tokens without a guess after a guess that took long, as the first ones do before they are
     * compiled.
     */
    private static final int AFTER_SLOW_GUESS = 32;

    /** Number of consecutive late masks after which steps wait only for each 128th. */
    private static final int MOST_LATE = 8;

    private final TokenConstraint constraint;
    private long apart;
    private long nextApart = MORE;
    private int unguessed;
    private boolean awaits;
    private boolean accepted;
    private long maskNanos;
    private int lateInARow;
    private int unawaited;

    RowConstraint(TokenConstraint constraint) {
        this.constraint = constraint;
    }

    /** The constraint itself. */
    public TokenConstraint constraint() {
        return constraint;
    }

    private void tookSince(long begin) {
        if (System.nanoTime() - begin > LONGEST_NANOS) {
            apart = nextApart;
            nextApart = Math.min(MORE * nextApart, Integer.MAX_VALUE);
        }
    }

    /** Whether the token may come next; empty if only a thread that may wait can tell. */
    public Optional<Boolean> allows(int token) {
        if (apart > 0) {
            return Optional.empty();
        }
        long begin = System.nanoTime();
        Optional<Boolean> allowed = constraint.tryAllows(token);
        tookSince(begin);
        return allowed;
    }

    /**
     * Tokens that the answer is likely to go on with. After a guess that took long it makes none
     * for a while.
     */
    int[] expected(int most) {
        if (apart > 0 || --unguessed >= 0) {
            return new int[0];
        }
        long begin = System.nanoTime();
        int[] tokens = constraint.expected(most);
        boolean slow = System.nanoTime() - begin > LONGEST_NANOS;
        unguessed = slow ? AFTER_SLOW_GUESS : 0;
        return tokens;
    }

    /** The row goes on with this token. */
    void accept(int token) {
        if (accepted) {
            accepted = false;
            return;
        }
        long begin = System.nanoTime();
        constraint.accept(token);
        tookSince(begin);
    }

    /** The next token waits for a mask; the row takes part in no step. */
    public void await() {
        awaits = true;
    }

    /**
     * Takes in the outcome of a mask.
     *
     * @param nanos time that the mask took
     * @param wasLate whether a step ran without the row meanwhile
     * @param token whether it is a token, which the constraint has accepted
     */
    public void masked(long nanos, boolean wasLate, boolean token) {
        awaits = false;
        accepted = token;
        if (nanos < LONGEST_NANOS && apart > 0) {
            apart--;
        }
        maskNanos = nanos;
        if (!wasLate) {
            lateInARow = 0;
            unawaited = 0;
        } else if (unawaited > 0) {
            unawaited--;
        } else {
            lateInARow = Math.min(lateInARow + 1, MOST_LATE);
            unawaited = (1 << (lateInARow - 1)) - 1;
        }
    }

    /** Whether the next token waits for a mask. */
    public boolean awaits() {
        return awaits;
    }

    /** Time of the last mask; 0 if there was none. */
    public long maskNanos() {
        return maskNanos;
    }

    /**
     * Whether a step waits for the next mask. A late mask costs all rows a part of a step. If masks
     * come late again and again, rows wait for them ever more rarely. If one was late by chance,
     * since its thread got no core, the next one that comes in time makes up for it.
     */
    public boolean worthAWait() {
        return unawaited == 0;
    }
}
