package dev.weft.gateway.rollout;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the catalog every second what was measured. A report without an answer is sent again
 * unchanged; the catalog takes each number once. Meanwhile figures gather. One loop.
 */
final class MeasureReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeasureReporter.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration LAST_DEADLINE = Duration.ofSeconds(1);

    /** Reports of one turn, so that a turn has an end while requests go on. */
    private static final int MOST_AT_ONCE = 50;

    private final ComparedVersions versions;
    private final ComparedCopies copies;
    private final MeasureMetrics metrics;
    private final ServiceClient catalog;
    private final URI reports;
    private final Loop loop;
    private final String instance = "measures-" + UUID.randomUUID();

    /** It may have been sent; it does not change any more. */
    private @Nullable MeasureReport waiting;

    private long number;

    /** What became of a report. */
    enum Outcome {
        /** It counts. */
        TAKEN,
        /** There was no answer, or none that says that it counts; it is sent again. */
        DELAYED,
        /** The catalog can't read it, or takes none, and never will. */
        REFUSED
    }

    MeasureReporter(
            ComparedVersions versions,
            ComparedCopies copies,
            CatalogEndpoint catalog,
            MeasureMetrics metrics,
            Loops loops) {
        this.versions = versions;
        this.copies = copies;
        this.metrics = metrics;
        this.catalog =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.reports = catalog.address().resolve(MeasureReport.PATH);
        this.loop = loops.loop("rollout-reports", this::turn);
    }

    void start() {
        loop.start();
    }

    private synchronized Duration turn() throws InterruptedException {
        int reports = Math.min(MOST_AT_ONCE, open());
        for (int i = 0; i < reports && report(DEADLINE); i++) {
            loop.goesOn();
        }
        return PERIOD;
    }

    /** Reports of what is measured now; requests that end meanwhile are the next turn's. */
    private int open() {
        int late = waiting == null ? 0 : 1;
        return late + Math.ceilDiv(versions.size() + 2 * copies.size(), MeasureReport.MOST_LINES);
    }

    /** Returns true if there may be another report that the catalog takes now. */
    private boolean report(Duration deadline) throws InterruptedException {
        MeasureReport report = waiting;
        if (report == null) {
            List<MeasureReport.Shadow> shadows = copies.take(MeasureReport.MOST_LINES / 2);
            List<MeasureReport.Line> lines =
                    versions.take(MeasureReport.MOST_LINES - 2 * shadows.size());
            if (lines.isEmpty() && shadows.isEmpty()) {
                return false;
            }
            report = new MeasureReport(instance, ++number, lines, shadows);
            waiting = report;
        }
        Outcome outcome = send(report, deadline);
        metrics.sent(outcome);
        if (outcome == Outcome.DELAYED) {
            return false;
        }
        waiting = null;
        return true;
    }

    private Outcome send(MeasureReport report, Duration deadline) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                catalog.send(
                        catalog.post(reports, MeasureCodec.encode(report)),
                        HttpResponse.BodyHandlers.ofString(),
                        deadline);
        try {
            return outcome(answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the catalog does not take what was measured: {}", e.toString());
            return Outcome.DELAYED;
        } finally {
            answer.cancel(true);
        }
    }

    private static Outcome outcome(HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 200, 204 -> Outcome.TAKEN;
            case 400, 404, 413 -> {
                LOG.warn(
                        "the catalog takes no report on compared versions: {} {}",
                        answer.statusCode(),
                        answer.body());
                yield Outcome.REFUSED;
            }
            default -> Outcome.DELAYED;
        };
    }

    /** Sends what is left, once. */
    @Override
    public void close() {
        loop.close();
        finish();
        catalog.close();
    }

    private synchronized void finish() {
        try {
            while (report(LAST_DEADLINE)) {
                LOG.debug("a report was taken at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
