package dev.weft.standalone.top;

import dev.weft.standalone.metrics.Scrape;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * How much counters grew between two scrapes of one service, the earlier first. A counter that fell
 * has started again, so it grew by its present value.
 */
record Growth(Scrape before, Scrape now) {
    OptionalDouble of(String counter) {
        return of(counter, _ -> true);
    }

    OptionalDouble of(String counter, String label, String value) {
        return of(counter, labels -> value.equals(labels.get(label)));
    }

    OptionalDouble of(String counter, Predicate<Map<String, String>> labels) {
        OptionalDouble last = now.value(counter, labels);
        if (last.isEmpty()) {
            return last;
        }
        double first = before.value(counter, labels).orElse(0);
        double value = last.getAsDouble();
        return OptionalDouble.of(value < first ? value : value - first);
    }

    OptionalDouble perSecond(OptionalDouble growth) {
        return growth.isEmpty()
                ? growth
                : OptionalDouble.of(growth.getAsDouble() / now.since(before));
    }

    /** The quotient; empty if a part is missing or nothing was counted. */
    static OptionalDouble ratio(OptionalDouble part, OptionalDouble whole) {
        return part.isEmpty() || whole.isEmpty() || whole.getAsDouble() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(part.getAsDouble() / whole.getAsDouble());
    }
}
