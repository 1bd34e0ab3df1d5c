package dev.weft.gateway.usage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.report.ReportMetrics;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import dev.weft.service.DataFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReporterTest {
    private static final UsageCounts ONE = new UsageCounts(1, 0, 6, 0, 4, 100);

    @TempDir private Path data;

    private final UsageLedger ledger = new UsageLedger();
    private final BlockingQueue<Long> sent = new LinkedBlockingQueue<>();
    private volatile int status = 204;
    private volatile Consumer<UsageBatch> handedOver = _ -> {};
    private HttpServer catalog;
    private UsageReporter reporter;

    @BeforeEach
    void begin() throws Exception {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext(
                UsageBatch.PATH,
                exchange -> {
                    UsageBatch batch = UsageCodec.decode(exchange.getRequestBody().readAllBytes());
                    sent.add(System.nanoTime());
                    handedOver.accept(batch);
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        catalog.start();
        reporter =
                new UsageReporter(
                        ledger,
                        new KeySpending(),
                        UsageJournal.open(new DataFolder(data)),
                        new UsageMetrics(new SimpleMeterRegistry()),
                        new ReportSender(
                                UsageReporter.KIND,
                                new CatalogEndpoint(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + catalog.getAddress().getPort()),
                                        "secret",
                                        ServiceTls.OFF.client()),
                                new ReportMetrics(new SimpleMeterRegistry(), "sent", "sent")),
                        Clock.systemUTC(),
                        new Loops());
    }

    @AfterEach
    void end() {
        catalog.stop(0);
    }

    private void use() {
        ledger.add(subject(3), ONE);
    }

    @Test
    void whatIsCountedMeanwhileIsTheNextTurns() throws Exception {
        handedOver = _ -> use(); // a request ends at each moment
        use();
        reporter.start();
        long first = next();
        long _ = next();
        long third = next();
        catalog.stop(0);
        reporter.close();

        assertThat(third - first).isGreaterThan(1_000_000_000L);
    }

    @Test
    void aLongAnswerIsInTheJournalUntilItsBatchIs() throws Exception {
        List<UsageBatch> held = new CopyOnWriteArrayList<>();
        Consumer<UsageBatch.Line> ends = ledger.begin(() -> line(1, 4));
        Consumer<UsageBatch.Line> others = ledger.begin(() -> line(1, 6));
        reporter.start();
        Gateways.await(() ->
                journal().stream()
                        .flatMap(batch -> batch.lines().stream())
                        .anyMatch(line(2, 10)::equals));
        assertThat(sent).isEmpty();

        handedOver = _ -> held.addAll(journal());
        ends.accept(line(1, 5));
        Gateways.await(() -> held.size() >= 2);
        others.accept(line(1, 7));
        Gateways.await(() -> held.size() >= 3 && journal().isEmpty());
        reporter.close();
        assertThat(held.getFirst().lines()).containsExactly(line(1, 5));
        assertThat(held.get(1).lines()).containsExactly(line(1, 6));
        assertThat(held.get(2).lines()).containsExactly(line(1, 7));
        assertThat(held).hasSize(3);
    }

    /** The journal of so many is written every five seconds only. */
    @Test
    void anEndLeavesWhatWasCountedJustBeforeItInTheJournalThoughThereIsMuch() throws Exception {
        status = 503;
        long many = 8_000; // of which one batch is to be sent
        for (long key = 1; key <= many; key++) {
            ledger.add(subject(key), ONE);
        }
        reporter.start();
        Gateways.await(() -> journalled() == many);
        ledger.add(subject(many + 1), ONE);
        handedOver = _ -> ledger.add(subject(many + 2), ONE); // while the last batch is sent
        reporter.close();
        assertThat(journalled()).isEqualTo(many + 2);
    }

    private long journalled() {
        return journal().stream()
                .flatMap(batch -> batch.lines().stream())
                .map(UsageBatch.Line::subject)
                .distinct()
                .count();
    }

    /** Each has a subject of its own. What is lost are the counts of its last second. */
    @Test
    void aKillAtAnyMomentBooksEachAnswerThatWasSeenOnce() throws Exception {
        Set<UsageSubject> seen = ConcurrentHashMap.newKeySet();
        Map<UsageSubject, Long> taken = new ConcurrentHashMap<>();
        List<String> wrong = new CopyOnWriteArrayList<>();
        handedOver =
                batch -> {
                    check(taken, journal(), batch.number() - 1, seen, wrong);
                    batch.lines()
                            .forEach(line ->
                                    taken.merge(
                                            line.subject(), line.counts().requests(), Long::sum));
                    check(taken, journal(), batch.number(), seen, wrong);
                };
        reporter.start();
        Random random = new Random(7);
        try (ScheduledExecutorService times = Executors.newScheduledThreadPool(2)) {
            for (int i = 1; i <= 300; i++) {
                UsageBatch.Line line = new UsageBatch.Line(subject(i), ONE);
                Consumer<UsageBatch.Line> ends = ledger.begin(() -> line);
                var _ =
                        times.schedule(
                                () -> ends.accept(line), 500 + random.nextInt(3_000), MILLISECONDS);
            }
        }
        Gateways.await(() -> taken.size() == 300 && journal().isEmpty());
        reporter.close();
        assertThat(wrong).isEmpty();
        assertThat(taken.values()).containsOnly(1L);
        assertThat(seen.size()).isGreaterThan(100);
    }

    /** What a restart would book now, by a catalog that has had the batches up to a number. */
    private static void check(
            Map<UsageSubject, Long> taken,
            List<UsageBatch> journal,
            long number,
            Set<UsageSubject> seen,
            List<String> wrong) {
        Map<UsageSubject, Long> all = new HashMap<>(taken);
        journal.stream()
                .filter(batch -> batch.number() > number)
                .flatMap(batch -> batch.lines().stream())
                .forEach(line -> all.merge(line.subject(), line.counts().requests(), Long::sum));
        all.forEach((subject, times) -> {
            if (times != 1) {
                wrong.add(subject + " is booked " + times + " times");
            }
        });
        seen.stream()
                .filter(subject -> !all.containsKey(subject))
                .forEach(subject -> wrong.add(subject + " is lost"));
        seen.addAll(all.keySet());
    }

    private List<UsageBatch> journal() {
        Path file = data.resolve("usage.jsonl");
        try {
            return Files.readString(file)
                    .lines()
                    .map(line -> UsageCodec.decode(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UsageBatch.Line line(long requests, long completion) {
        return new UsageBatch.Line(subject(3), new UsageCounts(requests, 0, 0, 0, completion, 0));
    }

    private static UsageSubject subject(long key) {
        LocalDate today = LocalDate.now(Clock.systemUTC());
        return new UsageSubject(today, new Payer(key, "app", "acme"), new Used("base", null));
    }

    private long next() throws InterruptedException {
        return Objects.requireNonNull(sent.poll(60, TimeUnit.SECONDS));
    }
}
