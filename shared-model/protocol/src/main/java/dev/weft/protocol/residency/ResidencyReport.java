package dev.weft.protocol.residency;

import dev.weft.protocol.json.SenderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker's report to the catalog, sent every few seconds.
 *
 * @param worker its id; the same after a restart on the same data folder
 * @param address the address it listens at
 * @param base the clients' name of the base that it serves; null from a worker of an earlier Weft
 * @param slots adapters that its engine holds at once
 * @param held all adapters it holds, at most {@link #MOST_HELD}
 * @param outcomes of orders that it carried out, or failed to, since its last report
 */
public record ResidencyReport(
        String worker,
        String address,
        @Nullable String base,
        int slots,
        List<HeldAdapter> held,
        List<Outcome> outcomes) {
    /**
     * The most adapters in one report; a worker that holds more leaves out some that lie on disk.
     */
    public static final int MOST_HELD = 10_000;

    /** The most characters of a base's name. */
    public static final int LONGEST_BASE = 256;

    /**
     * The outcome of an order.
     *
     * @param failure why it can't be carried out; null if it was
     */
    public record Outcome(long order, @Nullable String failure) {}

    public ResidencyReport {
        SenderName.check("worker", worker);
        if (base != null && (base.isBlank() || base.length() > LONGEST_BASE)) {
            throw new IllegalArgumentException(
                    "base of " + base.length() + " characters: allowed are 1 to " + LONGEST_BASE);
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots " + slots + ": allowed is 1 or more");
        }
        if (held.size() > MOST_HELD) {
            throw new IllegalArgumentException(
                    "held has " + held.size() + " adapters; allowed are at most " + MOST_HELD);
        }
        held = List.copyOf(held);
        outcomes = List.copyOf(outcomes);
    }
}
