package dev.weft.gateway.usage;

import dev.weft.gateway.report.Posted;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands counts to the catalog every second, in batches with numbers. A batch is in the journal
 * before it is sent, and is sent again, unchanged, until there is an answer; the catalog takes each
 * number once. Meanwhile further counts gather in the ledger, and in the journal, which holds what
 * long answers have used so far, too. A gateway that is killed loses what it counted since its last
 * turn; its successor in the same data folder sends what the journal holds. Counts that are in no
 * batch yet are in the journal under the numbers that the next batches will have. So a journal that
 * is older than what the catalog has taken books nothing twice. One loop.
 */
final class UsageReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageReporter.class);

    /**
     * A batch that the catalog can't read is lost. If the catalog does not take usage yet (404),
     * batches are kept, since it may be updated.
     */
    static final ReportSender.Kind KIND =
            new ReportSender.Kind("batches of usage", UsageBatch.PATH, Set.of(400, 413));

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LAST_DEADLINE = Duration.ofSeconds(1);

    /** Batches of one turn, so that a turn has an end while requests go on. */
    private static final int MOST_AT_ONCE = 50;

    /** Says that the batches that wait have changed since the journal was written. */
    private static final long NEVER = -1;

    /** Lines above which the journal is written less often: a write takes MBs. */
    private static final int MANY = 5_000;

    private static final Duration PERIOD_OF_MANY = Duration.ofSeconds(5);

    private final UsageLedger ledger;
    private final KeySpending spending;
    private final UsageJournal journal;
    private final UsageMetrics metrics;
    private final Clock clock;
    private final ReportSender catalog;
    private final Loop loop;
    private final String instance = "gateway-" + UUID.randomUUID();

    /** Batches that the catalog has not taken. The first may have been sent and stays as it is. */
    private final Deque<UsageBatch> waiting = new ArrayDeque<>();

    private long number;
    private long journalled = NEVER;
    private long journalledAt;
    private int journalledLines;

    /** The end writes whatever has changed, however much and however soon. */
    private boolean ending;

    UsageReporter(
            UsageLedger ledger,
            KeySpending spending,
            UsageJournal journal,
            UsageMetrics metrics,
            ReportSender catalog,
            Clock clock,
            Loops loops) {
        this.ledger = ledger;
        this.spending = spending;
        this.journal = journal;
        this.metrics = metrics;
        this.clock = clock;
        this.catalog = catalog;
        this.loop = loops.loop("usage", this::turn);
    }

    /** Takes over what an earlier gateway has left, and begins. */
    void start() {
        LocalDate oldest =
                LocalDate.ofInstant(clock.instant().minus(UsageBatch.LONGEST_WAIT), ZoneOffset.UTC);
        for (UsageBatch batch : journal.read()) {
            if (batch.lines().stream().anyMatch(line -> line.subject().day().isBefore(oldest))) {
                LOG.error("a batch of usage from before {} is thrown away", oldest);
            } else {
                waiting.add(batch);
                batch.lines().forEach(line -> spending.counted(line.subject(), line.counts()));
            }
        }
        loop.start();
    }

    private synchronized Duration turn() throws InterruptedException {
        int batches = Math.min(MOST_AT_ONCE, open());
        for (int i = 0; i < batches && handOver(DEADLINE); i++) {
            loop.goesOn();
        }
        metrics.waiting(ledger.size() + lines());
        return PERIOD;
    }

    /** Batches of what is counted now; requests that end meanwhile are the next turn's. */
    private int open() {
        return Math.max(1, waiting.size() + Math.ceilDiv(ledger.size(), UsageBatch.MOST_LINES));
    }

    private int lines() {
        return waiting.stream().mapToInt(batch -> batch.lines().size()).sum();
    }

    /** Returns true if there may be another batch that the catalog takes now. */
    private boolean handOver(Duration deadline) throws InterruptedException {
        if (waiting.isEmpty()) {
            List<UsageBatch.Line> lines = ledger.take(UsageBatch.MOST_LINES);
            if (!lines.isEmpty()) {
                waiting.add(new UsageBatch(instance, ++number, lines));
                journalled = NEVER;
            }
        }
        keep();
        if (waiting.isEmpty()) {
            return false;
        }
        Posted outcome =
                catalog.send(UsageCodec.encode(waiting.getFirst()), deadline, this::whileWaiting);
        if (outcome == Posted.DELAYED) {
            return false;
        }
        UsageBatch over = waiting.removeFirst();
        if (outcome == Posted.TAKEN) {
            over.lines().forEach(line -> spending.booked(line.subject(), line.counts()));
        }
        journalled = NEVER;
        return true;
    }

    /** A catalog that hangs must not hold up the journal. */
    private void whileWaiting() {
        keep();
        loop.goesOn();
    }

    /** Writes all that the catalog has not taken, with the numbers that it will have. */
    private void keep() {
        long changes = ledger.changes();
        boolean soon =
                !ending
                        && Math.max(ledger.size(), journalledLines) > MANY
                        && System.nanoTime() - journalledAt < PERIOD_OF_MANY.toNanos();
        boolean same = changes == journalled && !ledger.hasLongAnswers();
        if (same || (soon && journalled != NEVER)) {
            return;
        }
        List<UsageBatch> all = new ArrayList<>(waiting);
        List<UsageBatch.Line> open = ledger.look();
        long next = number;
        for (int from = 0; from < open.size(); from += UsageBatch.MOST_LINES) {
            int to = Math.min(open.size(), from + UsageBatch.MOST_LINES);
            all.add(new UsageBatch(instance, ++next, open.subList(from, to)));
        }
        journal.write(all);
        journalled = changes;
        journalledAt = System.nanoTime();
        journalledLines = open.size();
    }

    /** Hands over what is left, or leaves it in the journal. */
    @Override
    public void close() {
        loop.close();
        finish();
        catalog.close();
        journal.close();
    }

    private synchronized void finish() {
        ending = true;
        boolean interrupted = false;
        try {
            while (handOver(LAST_DEADLINE)) {
                LOG.debug("a batch of usage was taken at the end");
            }
        } catch (InterruptedException _) {
            interrupted = true;
        }
        keep(); // what was counted while the last batch was sent
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
