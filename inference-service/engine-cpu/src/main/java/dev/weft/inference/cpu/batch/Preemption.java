package dev.weft.inference.cpu.batch;

/**
 * Makes room in the KV cache. Where running rows hold all of it, the youngest gives its blocks back
 * and starts over later; a row takes from younger ones only. So the oldest always gets on, and no
 * request starves. Owner thread only.
 */
final class Preemption {
    private final Admission admission;
    private long count;

    Preemption(Admission admission) {
        this.admission = admission;
    }

    /** How often a row has given its blocks back. */
    long count() {
        return count;
    }

    /**
     * Makes room for a running row's next tokens.
     *
     * @param plan who is preempted takes no part in it
     * @return false where the row itself was the youngest, and waits now
     */
    boolean reserve(Row row, int tokens, StepPlan plan) {
        while (!row.sequence().reserve(row.computed() + tokens)) {
            Row youngest = admission.sendBackYoungest();
            youngest.preempt();
            plan.drop(youngest);
            count++;
            if (youngest == row) {
                return false;
            }
        }
        return true;
    }
}
