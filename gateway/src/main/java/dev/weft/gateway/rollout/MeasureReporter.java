package dev.weft.gateway.rollout;

import dev.weft.gateway.report.Posted;
import dev.weft.gateway.report.ReportSender;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the catalog every second what was measured. A report without an answer is sent again
 * unchanged; the catalog takes each number once. Meanwhile figures gather. One loop.
 */
final class MeasureReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeasureReporter.class);

    /** A catalog without rollouts compares nothing: what was measured for it is of no use. */
    static final ReportSender.Kind KIND =
            new ReportSender.Kind(
                    "reports on compared versions", MeasureReport.PATH, Set.of(400, 404, 413));

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration LAST_DEADLINE = Duration.ofSeconds(1);

    /** Reports of one turn, so that a turn has an end while requests go on. */
    private static final int MOST_AT_ONCE = 50;

    private final ComparedVersions versions;
    private final ComparedCopies copies;
    private final ReportSender catalog;
    private final Loop loop;
    private final String instance = "measures-" + UUID.randomUUID();

    /** The report that may have been sent and does not change any more; null if there is none. */
    private @Nullable MeasureReport waiting;

    private long number;

    MeasureReporter(
            ComparedVersions versions, ComparedCopies copies, ReportSender catalog, Loops loops) {
        this.versions = versions;
        this.copies = copies;
        this.catalog = catalog;
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
        Posted outcome = catalog.send(MeasureCodec.encode(report), deadline, loop::goesOn);
        if (outcome == Posted.DELAYED) {
            return false;
        }
        waiting = null;
        return true;
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
