package dev.weft.inference.server;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.residency.artifact.CatalogArtifacts;
import dev.weft.inference.server.residency.report.ResidencyReporter;
import dev.weft.inference.server.residency.report.WorkerId;
import dev.weft.inference.server.trace.CompletionTraces;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.loop.Loops;
import dev.weft.source.Repositories;
import dev.weft.source.fetch.SourceException;
import dev.weft.tracing.SpanMetrics;
import dev.weft.tracing.Tracing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;

/** A running worker. */
public final class WorkerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

    /** How soon the end of the last request is noticed. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Worker worker;
    private final FeedFollower follower;
    private final CatalogArtifacts artifacts;
    private final WorkerServer server;
    private final ResidencyReporter reporter;
    private final Tracing tracing;
    private final Duration drainTimeout;

    private WorkerService(
            Worker worker,
            FeedFollower follower,
            CatalogArtifacts artifacts,
            WorkerServer server,
            ResidencyReporter reporter,
            Tracing tracing,
            Duration drainTimeout) {
        this.worker = worker;
        this.follower = follower;
        this.artifacts = artifacts;
        this.server = server;
        this.reporter = reporter;
        this.tracing = tracing;
        this.drainTimeout = drainTimeout;
    }

    /** Opens an engine and reads its adapters. */
    interface Parts {
        EngineFactory engine();

        AdapterReader adapters(EngineDescription engine);
    }

    /**
     * Starts a worker: fetches the checkpoint if it isn't here, loads it, tests the engine; the
     * worker listens when this returns. It needs no catalog to start.
     *
     * @throws IllegalStateException if it can't start; says why
     */
    public static WorkerService start(WorkerOptions options) {
        Parts parts = parts(EngineWiring.engine(options));
        Repositories repositories = new Repositories(options.sources(), options.clock());
        try {
            Path checkpoint =
                    new CheckpointFetch(repositories, options.data())
                            .fetch(options.checkpoint(), options.progress());
            return start(options, checkpoint, parts);
        } catch (SourceException | IOException | RuntimeException e) {
            throw new IllegalStateException("the worker can't start: " + e.getMessage(), e);
        }
    }

    private static Parts parts(EngineFactory engine) {
        return new Parts() {
            @Override
            public EngineFactory engine() {
                return engine;
            }

            @Override
            public AdapterReader adapters(EngineDescription description) {
                return EngineWiring.adapters(description);
            }
        };
    }

    static WorkerService start(WorkerOptions options, Path checkpoint, Parts parts)
            throws IOException {
        CatalogView names = new CatalogView();
        Loops loops = new Loops();
        CatalogArtifacts artifacts =
                new CatalogArtifacts(
                        options.catalog(), options.catalogToken(), options.tls().client());
        FeedFollower follower =
                new FeedFollower(
                        options.catalog(),
                        options.catalogToken(),
                        "worker-" + WorkerId.of(options.data()),
                        names,
                        options.clock(),
                        loops,
                        options.tls().client());
        try {
            Engine engine = parts.engine().open(checkpoint, options.progress());
            // by now a catalog that starts beside us is up; names arrive before we listen
            follower.start();
            AdapterReader reader = parts.adapters(engine.description());
            Worker worker =
                    Worker.of(
                            options,
                            checkpoint,
                            engine,
                            new Worker.Surroundings(names, artifacts, reader, loops));
            Tracing tracing = Tracing.start(options.tracing(), "weft-worker");
            worker.metrics().registry().register(new SpanMetrics(tracing));
            WorkerServer server = listen(options, engine, worker, names, tracing);
            LOG.info("worker listens on {}", server.address());
            return new WorkerService(
                    worker,
                    follower,
                    artifacts,
                    server,
                    reporter(options, engine, worker, server.address(), loops),
                    tracing,
                    options.settings().drainTimeout());
        } catch (IOException | RuntimeException e) {
            follower.close();
            artifacts.close();
            throw e;
        }
    }

    private static ResidencyReporter reporter(
            WorkerOptions options, Engine engine, Worker worker, URI address, Loops loops) {
        ResidencyReporter reporter =
                new ResidencyReporter(
                        new ResidencyReporter.Self(
                                WorkerId.of(options.data()), address, engine.description().slots()),
                        options.catalog(),
                        options.catalogToken(),
                        worker.residency(),
                        options.settings().adapterTimeout(),
                        options.clock(),
                        loops,
                        options.tls().client());
        reporter.start();
        return reporter;
    }

    private static WorkerServer listen(
            WorkerOptions options,
            Engine engine,
            Worker worker,
            CatalogView names,
            Tracing tracing) {
        try {
            return WorkerServer.start(
                    options.bindAddress(),
                    options.settings().port(),
                    worker::routes,
                    worker.watch(),
                    new WorkerServer.Metrics(worker.metrics().registry(), engine::runtimeMetrics),
                    new CompletionTraces(tracing, options.clock()),
                    new WorkerServer.Access(
                            options.access(),
                            options.management(),
                            options.tls(),
                            names,
                            options.clock()));
        } catch (RuntimeException e) {
            tracing.close();
            worker.close();
            worker.release();
            throw e;
        }
    }

    private void drain() {
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        while (worker.requests() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        if (worker.requests() > 0) {
            LOG.warn("{} requests have not finished in {}", worker.requests(), drainTimeout);
        }
    }

    /** The application context, for tests of the wiring. */
    ApplicationContext context() {
        return server.context();
    }

    /** The address it listens on. */
    public URI address() {
        return server.address();
    }

    /**
     * Ends the worker: readiness answers 503 at once, and running requests have {@code
     * drainTimeout} to finish. Those left then end with an error, within 3 s.
     */
    @Override
    public void close() {
        server.refuse();
        drain();
        reporter.close();
        follower.close();
        artifacts.close();
        worker.close();
        server.close();
        worker.release();
        tracing.close();
    }
}
