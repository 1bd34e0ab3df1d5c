package dev.weft.gateway.usage;

import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts that no batch has yet, by subject. With {@link #MOST} subjects a further one counts under
 * its {@link UsageSubject#folded} one: nothing is lost, but what was used is not told apart. Any
 * thread.
 */
final class UsageLedger {
    /** Subjects that are kept, about 10 MB. */
    static final int MOST = 20_000;

    private final Map<UsageSubject, UsageCounts> open = new ConcurrentHashMap<>();
    private final LongAdder changes = new LongAdder();

    void add(UsageSubject subject, UsageCounts counts) {
        boolean room = open.size() < MOST || open.containsKey(subject);
        open.merge(room ? subject : subject.folded(), counts, UsageCounts::plus);
        changes.increment();
    }

    /** Takes some of the counts out; what is counted meanwhile stays for the next time. */
    List<UsageBatch.Line> take(int most) {
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

    /** The counts so far, which stay. */
    List<UsageBatch.Line> look() {
        List<UsageBatch.Line> lines = new ArrayList<>();
        open.forEach((subject, counts) -> lines.add(new UsageBatch.Line(subject, counts)));
        return lines;
    }

    int size() {
        return open.size();
    }

    /** Grows with each count. */
    long changes() {
        return changes.sum();
    }
}
