package dev.weft.inference.cpu.batch.schedule;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes room in the KV cache. If running rows hold all of it, one row gives its blocks back and
 * starts over later. It is the youngest row of a tenant that holds more than the asking row's, if
 * that row has had its turn. Otherwise it is the youngest row of the asking row's tenant, which may
 * be the asking row. The oldest of all rows takes from any other, so it always advances, and no
 * request starves. Owner thread only.
 */
final class Preemption {
    private static final Comparator<Row> BY_AGE =
            Comparator.comparingLong(row -> row.turn().arrival());

    private final RowAdmission admission;
    private long count;

    Preemption(RowAdmission admission) {
        this.admission = admission;
    }

    /** How often a row has given its blocks back. */
    long count() {
        return count;
    }

    /**
     * Makes room for a running row's next tokens.
     *
     * @param plan a preempted row takes no part in it
     * @return false if the row itself had to give way, and waits now
     */
    boolean reserve(Row row, int tokens, StepPlan plan) {
        while (!row.sequence().reserve(row.computed() + tokens)) {
            Row gives = gives(row, tokens);
            admission.sendBack(gives);
            plan.drop(gives);
            count++;
            if (gives == row) {
                return false;
            }
        }
        return true;
    }

    private Row gives(Row row, int tokens) {
        List<Row> running = admission.running();
        if (admission.tenants() == 1) {
            return running.getLast();
        }
        return ofLargerTenant(row, tokens)
                .or(() -> youngestOther(row, row.tenant()).filter(it -> isYounger(it, row)))
                .or(() -> row == running.getFirst() ? youngestOther(row) : Optional.empty())
                .orElse(row);
    }

    private static boolean isYounger(Row one, Row other) {
        return BY_AGE.compare(one, other) > 0;
    }

    private Optional<Row> ofLargerTenant(Row row, int tokens) {
        Map<String, Long> held = new HashMap<>();
        admission.running().forEach(it -> held.merge(it.tenant(), (long) it.computed(), Long::sum));
        long own = held.getOrDefault(row.tenant(), 0L) + tokens;
        return admission.running().stream()
                .filter(it -> it.turn().isOver() && it.computed() > 0)
                .filter(it -> held.getOrDefault(it.tenant(), 0L) > own)
                .max(
                        Comparator.comparing((Row it) -> held.getOrDefault(it.tenant(), 0L))
                                .thenComparing(BY_AGE));
    }

    private Optional<Row> youngestOther(Row row, String tenant) {
        return admission.running().stream()
                .filter(it -> it != row && it.tenant().equals(tenant))
                .max(BY_AGE);
    }

    private Optional<Row> youngestOther(Row row) {
        return admission.running().stream().filter(it -> it != row).max(BY_AGE);
    }
}
