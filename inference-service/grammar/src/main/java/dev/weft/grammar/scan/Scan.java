package dev.weft.grammar.scan;

import dev.weft.grammar.expression.DigitRun;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state within one lexeme: a string, a number, whitespace. What it says about bytes depends on
 * nothing around the lexeme, so that it is found once and then looked up. Its grammar's lock guards
 * it.
 */
public abstract class Scan {
    /** The lexeme can't go on so. */
    public static final Scan DEAD = new Mark(true);

    /** The byte belongs to the lexeme's surroundings: ask the place around it. */
    public static final Scan EXIT = new Mark(false);

    private static final byte[] NO_BYTES = {};

    private final boolean dead;
    private final boolean exit;
    private @Nullable Scan @Nullable [] next;
    private byte @Nullable [] few;

    protected Scan() {
        this(false, false);
    }

    private Scan(boolean dead, boolean exit) {
        this.dead = dead;
        this.exit = exit;
    }

    public final boolean isDead() {
        return dead;
    }

    public final boolean isExit() {
        return exit;
    }

    /** The state behind a byte. */
    public final Scan next(int b) {
        @Nullable Scan[] table = next;
        if (table == null) {
            table = new Scan[256];
            next = table;
        }
        Scan found = table[b];
        if (found == null) {
            found = find(b);
            table[b] = found;
        }
        return found;
    }

    /**
     * Bytes that may follow, or that the lexeme's surroundings decide on, except for a backslash;
     * empty if they are more than {@link #mostFew}. Not to be changed.
     */
    public final byte[] few() {
        DigitRun digits = digits();
        byte[] known = digits != null && digits.isFree() ? NO_BYTES : few;
        if (known == null) {
            byte[] found = new byte[mostFew()];
            int count = 0;
            for (int b = 0; b < 256 && count <= found.length; b++) {
                if (b != '\\' && !next(b).isDead()) {
                    if (count < found.length) {
                        found[count] = (byte) b;
                    }
                    count++;
                }
            }
            known = count > found.length ? NO_BYTES : Arrays.copyOf(found, count);
            few = known;
        }
        return known;
    }

    /**
     * Most bytes that {@link #few} lists. Whitespace lists more than one: it leaves bytes to the
     * lexeme's surroundings, which may still allow only one of them.
     */
    protected int mostFew() {
        return 1;
    }

    /** Digits that may follow, if their states are better left out; else null. */
    public @Nullable DigitRun digits() {
        return null;
    }

    /** Forgets what was found. */
    protected final void forget() {
        next = null;
        few = null;
    }

    /** Finds the state behind a byte. */
    protected abstract Scan find(int b);

    /** Whether the lexeme is complete as it stands. */
    public boolean complete() {
        return false;
    }

    /**
     * Texts with which the lexeme may be over soon, the best first; what surrounds it may still
     * refuse them. Empty if none are known better than single bytes.
     */
    public List<byte[]> endings() {
        return List.of();
    }

    /** About how many bytes the lexeme needs to be over. */
    public int left() {
        return 0;
    }

    private static final class Mark extends Scan {
        Mark(boolean dead) {
            super(dead, !dead);
        }

        @Override
        protected Scan find(int b) {
            throw new IllegalStateException("the lexeme is over");
        }
    }
}
