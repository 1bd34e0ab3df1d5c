package dev.weft.inference.server;

import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.state.States;
import dev.weft.service.ServiceStage;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.springframework.beans.factory.ObjectProvider;

/**
 * What gateways and the catalog hear of a worker while it serves, and how its requests end with it.
 *
 * @param drainTimeout how long running requests are waited for
 */
record Announced(States states, ObjectProvider<ResidencyReporter> reporter, Duration drainTimeout) {
    /**
     * Ends in this order: gateways hear of it, running requests are waited for, the catalog hears
     * no more, and then the rest.
     *
     * @param requests how many are running
     * @param rest what serves them
     */
    ServiceStage whileServing(IntSupplier requests, Runnable rest) {
        return ServiceStage.listening(
                () -> {
                    reporter.getObject().start();
                    states.start();
                },
                () -> {
                    states.close();
                    Drained.wait(requests, drainTimeout);
                    reporter.getObject().close();
                    rest.run();
                });
    }
}
