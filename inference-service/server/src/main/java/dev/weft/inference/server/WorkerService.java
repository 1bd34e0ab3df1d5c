package dev.weft.inference.server;

import dev.weft.inference.server.checkpoint.Checkpoint;
import dev.weft.service.ServiceApplication;
import dev.weft.service.StartFailure;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A running worker. */
public final class WorkerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

    private final ConfigurableApplicationContext context;
    private final URI address;

    private WorkerService(ConfigurableApplicationContext context, URI address) {
        this.context = context;
        this.address = address;
    }

    /**
     * Starts a worker: fetches the checkpoint if it isn't here, loads it, tests the engine; the
     * worker listens when this returns. It needs no catalog to start.
     *
     * @throws IllegalStateException if it can't start; says why
     */
    public static WorkerService start(WorkerOptions options) {
        return start(options, _ -> {});
    }

    /** The same with another checkpoint and other parts. */
    static WorkerService start(WorkerOptions options, Path checkpoint, WorkerParts parts) {
        return start(
                options,
                beans -> {
                    beans.registerBean(Checkpoint.class, () -> new Checkpoint(checkpoint));
                    beans.registerBean(WorkerParts.class, () -> parts);
                });
    }

    private static WorkerService start(
            WorkerOptions options, Consumer<GenericApplicationContext> more) {
        SpringApplication application =
                ServiceApplication.of(WorkerApplication.class, "weft-worker");
        application.setRegisterShutdownHook(false);
        Map<String, Object> properties = new HashMap<>(options.management().properties());
        properties.putAll(options.tls().properties(options.management().apart(), true));
        application.addInitializers(context -> {
            context.getEnvironment()
                    .getPropertySources()
                    .addLast(new MapPropertySource("listeners", properties));
            var beans = (GenericApplicationContext) context;
            beans.registerBean(WorkerOptions.class, () -> options);
            more.accept(beans);
        });
        try {
            ConfigurableApplicationContext context =
                    application.run(
                            "--server.port=" + options.settings().port(),
                            "--server.address=" + options.bindAddress());
            URI address = address((WebServerApplicationContext) context, options);
            LOG.info("worker listens on {}", address);
            return new WorkerService(context, address);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the worker can't start: " + StartFailure.reason(e), e);
        }
    }

    /** The address that the context's server listens on. */
    static URI address(WebServerApplicationContext context, WorkerOptions options) {
        WebServer server = context.getWebServer();
        if (server == null) {
            throw new IllegalStateException("the HTTP server is closed");
        }
        return options.tls().address(options.bindAddress(), server.getPort());
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
     * weft.inference.drain-timeout} to finish. Those left then end with an error, within 3 s.
     */
    @Override
    public void close() {
        context.close();
    }
}
