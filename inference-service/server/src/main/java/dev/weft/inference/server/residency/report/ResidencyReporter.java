package dev.weft.inference.server.residency.report;

import dev.weft.access.client.ServiceClient;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.BaseAdapters;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the catalog every few seconds what this worker holds, and carries out its answers. The
 * catalog needs no way to reach a worker. While it is away, pins stay as they are. One loop, and a
 * virtual thread for each order.
 */
public final class ResidencyReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResidencyReporter.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Reports that may be lost before the log says so: a catalog may start beside the worker. */
    private static final int LOST_IN_SILENCE = 2;

    private final Self self;
    private final URI reports;
    private final AdapterResidency residency;
    private final Pins pins;
    private final Loop loop;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("residency-", 0).factory());
    private final ServiceClient catalog;
    private int lost;

    /**
     * The worker that reports.
     *
     * @param id see {@link WorkerId}
     * @param address where gateways reach it
     * @param base the clients' name of its base
     */
    public record Self(String id, URI address, String base, int slots) {}

    /**
     * Reports nothing yet.
     *
     * @param base the base whose adapters are taken
     * @param patience longest wait for an adapter that is ordered
     * @param loops the worker's
     */
    ResidencyReporter(
            Self self,
            CatalogEndpoint catalog,
            AdapterResidency residency,
            BaseAdapters base,
            Duration patience,
            Loops loops) {
        this.catalog =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.self = self;
        this.reports = catalog.address().resolve("/residency/v1/reports");
        this.residency = residency;
        this.loop = loops.loop("residency-reports", this::turn);
        this.pins =
                new Pins(
                        residency,
                        base,
                        self.slots(),
                        patience,
                        System::nanoTime,
                        threads,
                        loop::wake);
    }

    /** Begins. */
    public void start() {
        loop.start();
    }

    private Duration turn() throws InterruptedException {
        report();
        return PERIOD;
    }

    private void report() throws InterruptedException {
        List<ResidencyReport.Outcome> outcomes = pins.takeOutcomes();
        try {
            pins.follow(
                    tell(
                            new ResidencyReport(
                                    self.id(),
                                    self.address().toString(),
                                    self.base(),
                                    self.slots(),
                                    residency.held(),
                                    outcomes)));
            lost = 0;
        } catch (IOException | IllegalArgumentException e) {
            pins.putBack(outcomes);
            lost++;
            if (lost == LOST_IN_SILENCE + 1) {
                LOG.warn(
                        "the catalog does not take reports; the worker goes on trying: {}",
                        e.toString());
            }
        } catch (RuntimeException | Error e) {
            pins.putBack(outcomes);
            throw e;
        }
    }

    private ResidencyOrders tell(ResidencyReport report) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                catalog.exchange(
                        catalog.post(reports, ResidencyCodec.encode(report)),
                        HttpResponse.BodyHandlers.ofByteArray(),
                        DEADLINE);
        if (answer.statusCode() != 200) {
            throw new IOException(reports + " answered " + answer.statusCode());
        }
        return ResidencyCodec.orders(answer.body());
    }

    @Override
    public void close() {
        loop.close();
        threads.shutdownNow();
        catalog.close();
        pins.close();
    }
}
