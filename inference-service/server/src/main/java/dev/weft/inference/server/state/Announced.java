package dev.weft.inference.server.state;

import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.service.Draining;
import dev.weft.service.ServiceStage;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gateways and the catalog hear of a worker while it serves, and how its requests end with it.
 *
 * @param reporter is asked for once the worker listens
 * @param drainTimeout how long running requests are waited for
 */
public record Announced(
        States states, Supplier<ResidencyReporter> reporter, Duration drainTimeout) {
    private static final Logger LOG = LoggerFactory.getLogger(Announced.class);

    /**
     * The stage in which the worker serves. It ends in this order: gateways hear of it, running
     * requests are waited for, the catalog hears no more, and then {@code rest} runs.
     *
     * @param requests how many are running
     * @param rest closes the parts that serve them
     */
    public ServiceStage whileServing(IntSupplier requests, Runnable rest) {
        return ServiceStage.listening(
                () -> {
                    reporter.get().start();
                    states.start();
                },
                () -> {
                    states.close();
                    drain(requests);
                    reporter.get().close();
                    rest.run();
                });
    }

    private void drain(IntSupplier requests) {
        int left = new Draining(requests).await(drainTimeout);
        if (left > 0) {
            LOG.warn("{} requests have not finished in {}", left, drainTimeout);
        }
    }
}
