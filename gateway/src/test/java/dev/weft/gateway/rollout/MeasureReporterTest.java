package dev.weft.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.report.ReportMetrics;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.CopyOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports to a catalog that answers as it is told, while requests end. */
class MeasureReporterTest {
    private final ComparedCopies copies = new ComparedCopies();
    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private HttpServer catalog;
    private MeasureReporter reporter;

    private record Sent(long at, MeasureReport report) {}

    @BeforeEach
    void begin() throws Exception {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.createContext(
                MeasureReport.PATH,
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    sent.add(new Sent(System.nanoTime(), MeasureCodec.decode(body)));
                    use(); // a request ends at each moment
                    exchange.sendResponseHeaders(
                            Objects.requireNonNullElse(answers.poll(), 204), -1);
                    exchange.close();
                });
        catalog.start();
        CatalogEndpoint endpoint =
                new CatalogEndpoint(
                        URI.create("http://127.0.0.1:" + catalog.getAddress().getPort()),
                        "secret",
                        ServiceTls.OFF.client());
        reporter =
                new MeasureReporter(
                        new ComparedVersions(new CatalogView()),
                        copies,
                        new ReportSender(
                                MeasureReporter.KIND,
                                endpoint,
                                new ReportMetrics(metrics, "sent", "sent")),
                        new Loops());
    }

    @AfterEach
    void end() {
        catalog.stop(0);
        reporter.close();
    }

    @Test
    void whatIsMeasuredMeanwhileIsTheNextTurns() throws Exception {
        use();
        reporter.start();
        Sent first = next();
        Sent _ = next();
        Sent third = next();

        assertThat(third.at() - first.at()).isGreaterThan(1_000_000_000L);
    }

    @Test
    void aReportWithoutAnAnswerIsSentAgainAsItWas() throws Exception {
        answers.add(500);
        use();
        reporter.start();
        Sent first = next();
        Sent again = next();
        Sent second = next();

        assertThat(again.report()).isEqualTo(first.report());
        assertThat(second.report().number()).isEqualTo(first.report().number() + 1);
        assertThat(sent("delayed")).isEqualTo(1);
    }

    @Test
    void aRefusedReportIsNotSentAgain() throws Exception {
        answers.add(404);
        use();
        reporter.start();
        Sent first = next();
        Sent second = next();

        assertThat(second.report().number()).isEqualTo(first.report().number() + 1);
        assertThat(sent("refused")).isEqualTo(1);
    }

    private void use() {
        copies.count(7, CopyOutcome.answered, 12);
    }

    private double sent(String outcome) {
        return metrics.get("sent").tag("outcome", outcome).counter().count();
    }

    private Sent next() throws InterruptedException {
        return Objects.requireNonNull(sent.poll(60, TimeUnit.SECONDS));
    }
}
