package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.model.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which rows take part in the next step. Requests are admitted in the order they came, whatever
 * their adapter; every decoding row gets its token in every step, and prompts share what is left,
 * the oldest first. Where the KV cache is full the youngest running row gives its blocks back and
 * starts over later: the oldest always gets on, so no request starves. Owner thread only.
 */
final class Scheduler {
    private final BatchLimits limits;
    private final Deque<Row> waiting = new ArrayDeque<>();
    private final List<Row> running = new ArrayList<>();
    private long preemptions;

    /** Rows of the step, with how many tokens of each. */
    record Part(Row row, int tokens) {}

    Scheduler(BatchLimits limits) {
        this.limits = limits;
    }

    void enqueue(Row row) {
        waiting.addLast(row);
    }

    int waiting() {
        return waiting.size();
    }

    List<Row> running() {
        return running;
    }

    /** How often a row has given its blocks back to start over later. */
    long preemptions() {
        return preemptions;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Takes out rows that have ended or that the test names; returns the latter. */
    List<Row> remove(Predicate<Row> test) {
        List<Row> removed = new ArrayList<>();
        running.removeIf(row -> row.ended() || (test.test(row) && removed.add(row)));
        waiting.removeIf(row -> test.test(row) && removed.add(row));
        return removed;
    }

    /** Chooses the step's rows and reserves their places in the KV cache. */
    List<Part> plan() {
        while (running.size() < limits.maxRows() && !waiting.isEmpty()) {
            running.add(waiting.removeFirst());
        }
        List<Part> parts = new ArrayList<>();
        // Decoding rows first: a long prompt takes what they leave, never their turn.
        int budget = limits.maxTokens() - (int) running.stream().filter(Scheduler::decodes).count();
        for (int i = 0; i < running.size(); i++) {
            Row row = running.get(i);
            row.reuse();
            int tokens = decodes(row) ? 1 : Math.min(row.pending(), budget);
            if (tokens > 0 && reserve(row, tokens)) {
                parts.add(new Part(row, tokens));
                budget -= decodes(row) ? 0 : tokens;
            }
        }
        return parts;
    }

    /** Fills the step with the tokens that were planned. */
    static void fill(Step step, List<Part> parts) {
        step.clear();
        for (Part part : parts) {
            Row row = part.row;
            for (int i = 0; i < part.tokens; i++) {
                int position = row.computed() + i;
                boolean last = position == row.length() - 1;
                step.add(
                        new Step.Row(
                                row.token(position), position, row.sequence(), row.slot(), last));
            }
        }
    }

    private static boolean decodes(Row row) {
        return row.pending() == 1;
    }

    /** Makes room for the row's next positions, at the cost of younger rows only. */
    private boolean reserve(Row row, int tokens) {
        while (!row.sequence().reserve(row.computed() + tokens)) {
            Row youngest = running.getLast();
            youngest.preempt();
            waiting.addFirst(running.removeLast());
            preemptions++;
            if (youngest == row) {
                // Nobody younger to take from: wait for those before it.
                return false;
            }
        }
        return true;
    }
}
