package dev.weft.chat.jinja.budget;

import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits what one reading or rendering of a template may take. Templates come with adapters, so
 * they are not trusted. Every step, every character read or written, every value made and every
 * level of nesting is counted, and counted before the work is done if its size is known then. A
 * budget serves one thread; an interruption of it ends the work. If no budget is set, nothing is
 * counted.
 *
 * <p>Work is counted in units: a step is {@value #STEP} of them, a character that is read or
 * written one. A unit is some 5 ns at the worst.
 */
public final class Budget {
    /** Units of a step. */
    public static final int STEP = 8;

    /** Bytes of a string besides its characters. */
    private static final int STRING_BYTES = 64;

    /** A word of an integer's product costs about as much as an eighth of a unit. */
    private static final int PRODUCTS_PER_UNIT = 8;

    /** Units between two checks for an interrupt of the thread. */
    private static final long LOOK = 1 << 15;

    /** Bytes that are asked for at once. */
    private static final long GRAIN_BYTES = 1 << 20;

    private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

    private final Limits limits;
    private final LongConsumer memory;
    private final long maxUnits;
    private long units;
    private long nextLook = LOOK;
    private long bytes;
    private long taken;
    private int depth;

    /**
     * The limit of each quantity.
     *
     * @param steps one for each expression evaluated, each item visited and each eight characters
     *     read or written
     * @param bytes of all values made, whether they are still needed or not
     * @param text UTF-16 units of one string, the output included
     * @param depth levels of nested statements, expressions, calls and containers
     */
    public record Limits(long steps, long bytes, int text, int depth) {}

    public Budget(Limits limits) {
        this(limits, _ -> {});
    }

    /**
     * @param memory is told how many more bytes the values may have, before they are made; throws
     *     if the process has none left
     */
    public Budget(Limits limits, LongConsumer memory) {
        this.limits = limits;
        this.memory = memory;
        this.maxUnits = Math.multiplyExact(limits.steps, STEP);
    }

    /** Runs {@code work} on this thread within this budget. */
    public <T> T within(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }

    private static @Nullable Budget current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** Steps taken so far; tests compare them with what a template should cost. */
    public long stepsTaken() {
        return units / STEP;
    }

    /** Counts {@code n} steps. */
    public static void steps(long n) {
        units(n * STEP);
    }

    /** Counts the reading of a string of {@code length}, plus one step. */
    public static void scan(long length) {
        units(STEP + length);
    }

    /** Counts characters that cost as much as a step each. */
    public static void slowly(long length) {
        units(STEP + length * STEP);
    }

    /** Counts work on the digits of two integers, in proportion to the product of their lengths. */
    public static void product(long bits, long otherBits) {
        long left = bits / Integer.SIZE + 1;
        long right = otherBits / Integer.SIZE + 1;
        units(STEP + left + right + left * right / PRODUCTS_PER_UNIT);
    }

    public static void units(long n) {
        Budget budget = current();
        if (budget != null) {
            budget.use(n);
        }
    }

    private void use(long n) {
        units += n;
        if (units >= nextLook) {
            look();
        }
    }

    private void look() {
        if (units > maxUnits) {
            throw PyError.limit("rendering takes more than " + limits.steps + " steps");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new PyError(PyError.Kind.STOPPED, "rendering was stopped, it took too long");
        }
        nextLook = Math.min(units + LOOK, maxUnits + 1);
    }

    /** Counts a string that was made. */
    public static void string(int length) {
        if (length > 0) {
            room(length);
        }
        bytes(STRING_BYTES + 2L * length);
    }

    /** Counts {@code n} bytes of values or of working memory, best before they are taken. */
    public static void bytes(long n) {
        Budget budget = current();
        if (budget != null) {
            budget.make(n);
        }
    }

    private void make(long n) {
        bytes += n;
        if (bytes > taken) {
            if (bytes > limits.bytes) {
                throw PyError.limit(
                        "rendering makes values of more than " + limits.bytes + " bytes");
            }
            long more = (bytes - taken + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
            memory.accept(more);
            taken += more;
        }
    }

    /** Checks whether a string of {@code length} may be made, before it is. */
    public static void room(long length) {
        Budget budget = current();
        if (budget != null && length > budget.limits.text) {
            throw PyError.limit(
                    "a string of more than " + budget.limits.text + " characters was asked for");
        }
    }

    /** Goes a level deeper; {@link #leave()} must follow in a finally. */
    public static void enter() {
        Budget budget = current();
        if (budget != null) {
            budget.deeper();
        }
    }

    /**
     * Counts a step and goes a level deeper; {@link #up} must follow in a finally, with the result
     * of this.
     */
    public static @Nullable Budget down() {
        Budget budget = current();
        if (budget != null) {
            budget.use(STEP);
            budget.deeper();
        }
        return budget;
    }

    public static void up(@Nullable Budget budget) {
        if (budget != null) {
            budget.depth--;
        }
    }

    private void deeper() {
        if (++depth > limits.depth) {
            depth--;
            throw PyError.limit("nested more than " + limits.depth + " levels deep");
        }
    }

    public static void leave() {
        Budget budget = current();
        if (budget != null) {
            budget.depth--;
        }
    }
}
