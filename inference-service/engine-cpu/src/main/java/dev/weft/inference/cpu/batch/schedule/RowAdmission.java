package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.engine.fair.FairQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides which requests run and which wait. Tenants get equally many rows, as far as they want
 * them; within a tenant requests are admitted in the order they came, whatever their adapter.
 *
 * <p>Rows are taken back for that. A row makes room if a tenant waits that has two rows less than
 * another, or that has none and was served fewer tokens than a tenant with one. The row that makes
 * room is the youngest of the tenant with the most rows, among those whose {@linkplain
 * RowTurn#isOver turn} is over. It keeps the tokens that it has produced. From then on it takes
 * longer turns with its own tenant's rows, so that no answer pauses until another has ended. Owner
 * thread only.
 */
public final class RowAdmission {
    private static final Comparator<Row> BY_AGE =
            Comparator.comparingLong(row -> row.turn().arrival());
    private static final Comparator<Row> BY_TURN =
            Comparator.comparingLong(row -> row.turn().place());

    private final int maxRows;
    private final FairQueue<Row> queue;
    private final List<Row> running = new ArrayList<>();
    private long arrivals;
    private long turnsEnded;

    /**
     * An admission without requests.
     *
     * @param memory how many tokens a tenant may be ahead of another
     */
    RowAdmission(int maxRows, long memory) {
        this.maxRows = maxRows;
        this.queue = new FairQueue<>(Row::tenant, BY_AGE, memory);
    }

    /** A new request waits. */
    public void enqueue(Row row) {
        row.turn().arrived(arrivals++);
        queue.add(row);
    }

    /** Fills the free rows, then ends turns. */
    void admit() {
        while (running.size() < maxRows && queue.waiting() > 0) {
            queue.next().ifPresent(this::admit);
        }
        while (queue.tenants() > 1) {
            Optional<Row> next = queue.next();
            Optional<Row> last = next.flatMap(this::makesRoomFor);
            if (last.isEmpty()) {
                break;
            }
            swap(last.get(), next.get());
        }
        if (queue.tenants() > 1) {
            rotate();
        }
    }

    /** Lets rows that have made room go on in the place of rows of their own tenant. */
    private void rotate() {
        for (Row row : List.copyOf(running)) {
            if (row.turn().running() && row.turn().isLong()) {
                queue.firstLike(row, other -> other.turn().madeRoom(), BY_TURN)
                        .ifPresent(next -> swap(row, next));
            }
        }
    }

    private void swap(Row last, Row next) {
        turnsEnded++;
        sendBack(last);
        last.turn().makeRoom(turnsEnded);
        admit(next);
    }

    public int waiting() {
        return queue.waiting();
    }

    /** Tenants that run or wait. */
    int tenants() {
        return queue.tenants();
    }

    /** Times so far that a row has made room for another, of another tenant or of its own. */
    long turnsEnded() {
        return turnsEnded;
    }

    /** The running rows from oldest to youngest; changes under {@link #sendBack}. */
    public List<Row> running() {
        return running;
    }

    /** Takes a running row's place away; it waits from now on. */
    void sendBack(Row row) {
        row.preempt();
        running.remove(row);
        queue.add(row);
        queue.free(row);
    }

    /** Removes rows that have ended or that the test accepts; returns the latter. */
    public List<Row> remove(Predicate<Row> test) {
        List<Row> removed = new ArrayList<>();
        for (Row row : List.copyOf(running)) {
            boolean named = !row.ended() && test.test(row);
            if (named) {
                removed.add(row);
            }
            if (named || row.ended()) {
                running.remove(row);
                queue.free(row);
            }
        }
        removed.addAll(queue.remove(test));
        return removed;
    }

    /**
     * Removes waiting requests until no more than {@code most} run and wait: each time the youngest
     * of the tenant with the most that may go. A request that has had a row stays.
     *
     * @param most requests that may run and wait
     */
    public List<Row> removeBeyond(int most) {
        List<Row> removed = new ArrayList<>();
        while (running.size() + queue.waiting() > most) {
            Optional<Row> row = queue.leastEntitled(waiting -> !waiting.turn().hasRun());
            if (row.isEmpty()) {
                break;
            }
            removed.addAll(queue.remove(waiting -> waiting == row.get()));
        }
        return removed;
    }

    /** Counts tokens that the row's tenant was served. */
    void served(Row row, int tokens) {
        queue.served(row, tokens);
    }

    /** Tokens that the row's tenant was served; only differences mean something. */
    long servedTo(Row row) {
        return queue.servedTo(row);
    }

    private void admit(Row row) {
        queue.place(row);
        int at = running.size();
        while (at > 0 && BY_AGE.compare(running.get(at - 1), row) > 0) {
            at--;
        }
        running.add(at, row);
        row.admitted();
    }

    /** The youngest row that has had its turn, of the tenant with the most rows. */
    private Optional<Row> makesRoomFor(Row next) {
        int fewest = queue.placesOf(next);
        return mayGo().filter(row -> queue.placesOf(row) > fewest + (fewest == 0 ? 0 : 1))
                .filter(row ->
                        queue.placesOf(row) > fewest + 1
                                || queue.servedTo(row) > queue.servedTo(next))
                .max(
                        Comparator.comparingInt((Row row) -> queue.placesOf(row))
                                .thenComparingLong(queue::servedTo)
                                .thenComparing(BY_AGE));
    }

    private Stream<Row> mayGo() {
        return running.stream().filter(row -> row.turn().isOver());
    }
}
