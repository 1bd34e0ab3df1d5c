package dev.weft.inference.server;

import dev.weft.service.DataFolder;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStart;
import dev.weft.service.StartFailure;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A worker that runs in this process. */
public final class WorkerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

    private final ConfigurableApplicationContext context;
    private final URI address;

    private WorkerService(ConfigurableApplicationContext context) {
        this.context = context;
        this.address = ServiceApplication.listens(context);
    }

    /**
     * Starts a worker: fetches the checkpoint if it isn't here, loads it, tests the engine; the
     * worker listens when this returns. It needs no catalog to start.
     *
     * @param start with a {@code Deployment} and a {@link DataFolder}; its addresses name the
     *     catalog
     * @throws IllegalStateException if it can't start; says why
     */
    public static WorkerService start(ServiceStart start) {
        try {
            WorkerService service =
                    new WorkerService(
                            ServiceApplication.start(
                                    ServiceName.worker, WorkerApplication.class, start));
            LOG.info("worker listens on {}", service.address);
            return service;
        } catch (RuntimeException e) {
            throw new IllegalStateException("the worker can't start: " + StartFailure.reason(e), e);
        }
    }

    /** The application context, for tests of the wiring. */
    ApplicationContext context() {
        return context;
    }

    /** The address it listens on. */
    public URI address() {
        return address;
    }

    /**
     * Ends the worker: readiness answers 503 at once, and running requests have {@code
     * weft.inference.drain-timeout} to finish. Requests that are left then end with an error,
     * within 3 s.
     */
    @Override
    public void close() {
        context.close();
    }
}
