package dev.weft.inference.cpu.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who runs and who waits. Requests are admitted in the order they came, whatever their adapter, and
 * only the youngest is ever sent back, so both lists are by age and who runs is older than who
 * waits. Owner thread only.
 */
final class Admission {
    private final int maxRows;
    private final Deque<Row> waiting = new ArrayDeque<>();
    private final List<Row> running = new ArrayList<>();

    Admission(int maxRows) {
        this.maxRows = maxRows;
    }

    void enqueue(Row row) {
        waiting.addLast(row);
    }

    /** Fills the free rows. */
    void admit() {
        while (running.size() < maxRows && !waiting.isEmpty()) {
            Row row = waiting.removeFirst();
            running.add(row);
            row.admitted();
        }
    }

    int waiting() {
        return waiting.size();
    }

    /** From oldest to youngest; changes under {@link #sendBackYoungest}. */
    List<Row> running() {
        return running;
    }

    /** The youngest running row is the first to wait now. */
    Row sendBackYoungest() {
        Row youngest = running.removeLast();
        waiting.addFirst(youngest);
        return youngest;
    }

    /** Takes out rows that have ended or that the test names; returns the latter. */
    List<Row> remove(Predicate<Row> test) {
        List<Row> removed = new ArrayList<>();
        running.removeIf(row -> row.ended() || (test.test(row) && removed.add(row)));
        waiting.removeIf(row -> test.test(row) && removed.add(row));
        return removed;
    }
}
