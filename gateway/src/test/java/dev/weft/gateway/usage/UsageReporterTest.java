package dev.weft.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.report.ReportMetrics;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import dev.weft.service.DataFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReporterTest {
    private static final UsageCounts ONE = new UsageCounts(1, 0, 6, 0, 4, 100);

    @TempDir private Path data;

    private final UsageLedger ledger = new UsageLedger();
    private final BlockingQueue<Long> sent = new LinkedBlockingQueue<>();
    private HttpServer catalog;
    private UsageReporter reporter;

    @BeforeEach
    void begin() throws Exception {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext(
                UsageBatch.PATH,
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    sent.add(System.nanoTime());
                    use(); // a request ends at each moment
                    exchange.sendResponseHeaders(204, -1);
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
        LocalDate today = LocalDate.now(Clock.systemUTC());
        ledger.add(
                new UsageSubject(today, new Payer(3, "app", "acme"), new Used("base", null)), ONE);
    }

    @Test
    void whatIsCountedMeanwhileIsTheNextTurns() throws Exception {
        use();
        reporter.start();
        long first = next();
        long _ = next();
        long third = next();
        catalog.stop(0);
        reporter.close();

        assertThat(third - first).isGreaterThan(1_000_000_000L);
    }

    private long next() throws InterruptedException {
        return Objects.requireNonNull(sent.poll(60, TimeUnit.SECONDS));
    }
}
