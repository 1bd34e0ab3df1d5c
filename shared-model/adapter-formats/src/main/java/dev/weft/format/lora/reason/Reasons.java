package dev.weft.format.lora.reason;

import dev.weft.protocol.adapter.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the faults of one adapter and the warnings for its owner. Of the faults and of the
 * warnings, the first {@value #MOST_PER_CODE} of each code are kept and the rest is counted, so
 * that a hostile file can't make an endless answer. For one thread.
 */
public final class Reasons {
    static final int MOST_PER_CODE = 100;

    /** Longest text of a file that a reason quotes. */
    private static final int MOST_QUOTED = 200;

    private final Counted refusals = new Counted();
    private final Counted warnings = new Counted();

    /** The place of a reason; {@code tensor} is a tensor or a key of the file. */
    public record Location(@Nullable String file, @Nullable String tensor) {
        @Override
        public String toString() {
            if (file == null) {
                return tensor == null ? "adapter" : quote(tensor);
            }
            return tensor == null ? quote(file) : quote(file) + ": " + quote(tensor);
        }
    }

    /** Adds a reason to refuse; the message names place, value and the allowed values. */
    public void refuse(LoraFault fault, Location place, String found, String allowed, String why) {
        refusals.add(fault, place, found, allowed, why);
    }

    public void warn(LoraFault fault, Location place, String found, String allowed, String why) {
        warnings.add(fault, place, found, allowed, why);
    }

    public boolean refused() {
        return !refusals.counts.isEmpty();
    }

    public List<Reason> refusals() {
        return refusals.all();
    }

    public List<Reason> warnings() {
        return warnings.all();
    }

    /** Reasons of one kind: the first of each code, and how many there were of it. */
    private static final class Counted {
        private final List<Reason> kept = new ArrayList<>();
        private final Map<LoraFault, Integer> counts = new EnumMap<>(LoraFault.class);

        void add(LoraFault fault, Location place, String found, String allowed, String why) {
            if (counts.merge(fault, 1, Integer::sum) > MOST_PER_CODE) {
                return;
            }
            String message =
                    place + ": " + why + " (found " + quote(found) + "; allowed: " + allowed;
            String tensor = place.tensor();
            kept.add(
                    new Reason(
                            fault.name(),
                            place.file(),
                            tensor == null ? null : quote(tensor),
                            quote(found),
                            allowed,
                            message + ")"));
        }

        List<Reason> all() {
            List<Reason> all = new ArrayList<>(kept);
            counts.forEach((fault, count) -> {
                if (count > MOST_PER_CODE) {
                    int more = count - MOST_PER_CODE;
                    String message = more + " more reasons of the code " + fault;
                    all.add(new Reason(fault.name(), null, null, "" + more, null, message));
                }
            });
            return all;
        }
    }

    /** Text of a file in a form that may be shown: no control characters, not too long. */
    static String quote(String text) {
        String cut = text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
