package dev.weft.gateway.usage;

import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts that are in no batch yet, by subject, and the answers that still run. If there are {@link
 * #MOST} subjects, a further one counts under its {@link UsageSubject#folded} subject: nothing is
 * lost, but models, and senders without a key, are not told apart. Any thread counts; one takes and
 * looks.
 */
final class UsageLedger {
    /** Subjects that are kept, about 10 MB. */
    static final int MOST = 20_000;

    private final Map<UsageSubject, UsageCounts> open = new ConcurrentHashMap<>();
    private final LongAdder changes = new LongAdder();
    private final RunningAnswers running = new RunningAnswers();

    /**
     * An answer begins.
     *
     * @param soFar what it would be booked with if it ended now
     * @return to be called once, with what the answer has used
     */
    Consumer<UsageBatch.Line> begin(Supplier<UsageBatch.Line> soFar) {
        return running.begin(soFar, this::add);
    }

    private void add(UsageBatch.Line line) {
        add(line.subject(), line.counts());
    }

    void add(UsageSubject subject, UsageCounts counts) {
        boolean room = open.size() < MOST || open.containsKey(subject);
        open.merge(room ? subject : subject.folded(), counts, UsageCounts::plus);
        changes.increment();
    }

    /** Takes some of the counts out; what is counted meanwhile stays for the next time. */
    List<UsageBatch.Line> take(int most) {
        running.settle(this::add);
        List<UsageBatch.Line> lines = new ArrayList<>();
        for (UsageSubject subject : List.copyOf(open.keySet())) {
            UsageCounts counts = open.remove(subject);
            if (counts != null) {
                lines.add(new UsageBatch.Line(subject, counts));
            }
            if (lines.size() == most) {
                break;
            }
        }
        return lines;
    }

    /** The counts so far, which stay, with those of answers that have run for a second. */
    List<UsageBatch.Line> look() {
        running.settle(this::add);
        Map<UsageSubject, UsageCounts> all = new HashMap<>();
        running.see().forEach(line -> add(all, line.subject(), line.counts()));
        open.forEach((subject, counts) -> add(all, subject, counts));
        List<UsageBatch.Line> lines = new ArrayList<>();
        all.forEach((subject, counts) -> lines.add(new UsageBatch.Line(subject, counts)));
        return lines;
    }

    private static void add(
            Map<UsageSubject, UsageCounts> all, UsageSubject subject, UsageCounts counts) {
        all.merge(subject, counts, UsageCounts::plus);
    }

    /** Whether there are answers that have run for a second, whose counts may always change. */
    boolean hasLongAnswers() {
        return running.areLong();
    }

    int size() {
        return open.size();
    }

    /** Grows with each count. */
    long changes() {
        return changes.sum();
    }
}
