package dev.weft.gateway.report;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.feed.CatalogEndpoint;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends reports of one kind to the catalog and says what became of each. The log tells once if the
 * catalog does not take them, and once if it does again. One thread at a time.
 */
public final class ReportSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportSender.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Reports that may fail before the log says so: a catalog may start beside the gateway. */
    private static final int FAILED_IN_SILENCE = 4;

    private final Kind kind;
    private final ReportMetrics metrics;
    private final ServiceClient catalog;
    private final URI address;
    private int failed;

    /**
     * A kind of report.
     *
     * @param name for the log, in the plural
     * @param path of the catalog's API
     * @param refusals statuses after which a report is not sent again
     */
    public record Kind(String name, String path, Set<Integer> refusals) {}

    public ReportSender(Kind kind, CatalogEndpoint catalog, ReportMetrics metrics) {
        this.kind = kind;
        this.metrics = metrics;
        this.catalog =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.address = catalog.address().resolve(kind.path());
    }

    /**
     * Sends a report and waits for the answer.
     *
     * @param meanwhile runs every second until the answer comes
     */
    public Posted send(byte[] report, Duration deadline, Runnable meanwhile)
            throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                catalog.send(
                        catalog.post(address, report),
                        HttpResponse.BodyHandlers.ofString(),
                        deadline);
        Posted outcome;
        try {
            outcome = await(answer, meanwhile);
        } catch (ExecutionException e) {
            outcome = delayed(String.valueOf(e.getCause()));
        } finally {
            answer.cancel(true);
        }
        metrics.sent(outcome);
        return outcome;
    }

    private Posted await(CompletableFuture<HttpResponse<String>> answer, Runnable meanwhile)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return outcome(answer.get(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                meanwhile.run();
            }
        }
    }

    private Posted outcome(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status == 200 || status == 204) {
            return taken();
        }
        if (kind.refusals().contains(status)) {
            LOG.error(
                    "the catalog refuses {}, and one is lost: {} {}",
                    kind.name(),
                    status,
                    answer.body());
            return Posted.REFUSED;
        }
        return delayed("it answered " + status);
    }

    private Posted taken() {
        if (failed > FAILED_IN_SILENCE) {
            LOG.info("the catalog takes {} again", kind.name());
        }
        failed = 0;
        return Posted.TAKEN;
    }

    private Posted delayed(String why) {
        if (++failed == FAILED_IN_SILENCE + 1) {
            LOG.warn(
                    "the catalog does not take {}; they are kept until then: {}", kind.name(), why);
        }
        return Posted.DELAYED;
    }

    @Override
    public void close() {
        catalog.close();
    }
}
