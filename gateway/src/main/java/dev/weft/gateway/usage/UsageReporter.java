package dev.weft.gateway.usage;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands counts to the catalog every second, in batches with numbers. A batch is in the journal
 * before it is sent, and is sent again, unchanged, until there is an answer; the catalog takes each
 * number once. Meanwhile further counts gather in the ledger, and in the journal. A gateway that is
 * killed loses what it counted since its last turn; its successor in the same data folder sends
 * what the journal holds. One loop.
 */
final class UsageReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageReporter.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LAST_DEADLINE = Duration.ofSeconds(1);

    /** Batches of one turn, so that a turn has an end while requests go on. */
    private static final int MOST_AT_ONCE = 50;

    /** What waits has changed since the journal was written. */
    private static final long NEVER = -1;

    /** Batches that may fail before the log says so: a catalog may start beside the gateway. */
    private static final int FAILED_IN_SILENCE = 4;

    /** With more subjects than this the journal is written less often: a write takes MBs. */
    private static final int MANY = 5_000;

    private static final Duration PERIOD_OF_MANY = Duration.ofSeconds(5);

    private final UsageLedger ledger;
    private final KeySpending spending;
    private final UsageJournal journal;
    private final UsageMetrics metrics;
    private final Clock clock;
    private final ServiceClient catalog;
    private final URI batches;
    private final Loop loop;
    private final String instance = "gateway-" + UUID.randomUUID();

    /** The first of them may have been sent; it does not change any more. */
    private final Deque<UsageBatch> waiting = new ArrayDeque<>();

    private long number;
    private long journalled = NEVER;
    private long journalledAt;
    private int failed;

    /** What became of a batch. */
    enum Outcome {
        /** It counts. */
        TAKEN,
        /** There was no answer, or none that says that it counts; it is sent again. */
        DELAYED,
        /** The catalog can't read it, and never will. */
        REFUSED
    }

    UsageReporter(
            UsageLedger ledger,
            KeySpending spending,
            UsageJournal journal,
            UsageMetrics metrics,
            CatalogEndpoint catalog,
            Clock clock,
            Loops loops) {
        this.ledger = ledger;
        this.spending = spending;
        this.journal = journal;
        this.metrics = metrics;
        this.clock = clock;
        this.catalog =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.batches = catalog.address().resolve(UsageBatch.PATH);
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
            if (lines.isEmpty()) {
                journal.write(List.of());
                return false;
            }
            waiting.add(new UsageBatch(instance, ++number, lines));
            journalled = NEVER;
        }
        keep();
        Outcome outcome = send(waiting.getFirst(), deadline);
        metrics.sent(outcome);
        if (outcome == Outcome.DELAYED) {
            return false;
        }
        UsageBatch over = waiting.removeFirst();
        if (outcome == Outcome.TAKEN) {
            over.lines().forEach(line -> spending.booked(line.subject(), line.counts()));
        }
        journalled = NEVER;
        return true;
    }

    /** Writes all that the catalog has not taken, with the numbers that it will have. */
    private void keep() {
        long changes = ledger.changes();
        boolean soon =
                ledger.size() > MANY && System.nanoTime() - journalledAt < PERIOD_OF_MANY.toNanos();
        if (changes == journalled || (soon && journalled != NEVER)) {
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
    }

    private Outcome send(UsageBatch batch, Duration deadline) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                catalog.send(
                        catalog.post(batches, UsageCodec.encode(batch)),
                        HttpResponse.BodyHandlers.ofString(),
                        deadline);
        try {
            while (true) {
                try {
                    return outcome(answer.get(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
                } catch (TimeoutException e) {
                    keep(); // a catalog that hangs must not hold up the journal
                    loop.goesOn();
                }
            }
        } catch (ExecutionException e) {
            return delayed(String.valueOf(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private Outcome outcome(HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 200, 204 -> taken();
            case 400, 413 -> {
                LOG.error(
                        "the catalog can't read a batch of usage, which is lost: {}",
                        answer.body());
                yield Outcome.REFUSED;
            }
            default -> delayed("it answered " + answer.statusCode());
        };
    }

    private Outcome taken() {
        if (failed > FAILED_IN_SILENCE) {
            LOG.info("the catalog takes usage again");
        }
        failed = 0;
        return Outcome.TAKEN;
    }

    private Outcome delayed(String why) {
        if (++failed == FAILED_IN_SILENCE + 1) {
            LOG.warn("the catalog does not take usage; it is kept until then: {}", why);
        }
        return Outcome.DELAYED;
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
        try {
            while (handOver(LAST_DEADLINE)) {
                LOG.debug("a batch of usage was taken at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
