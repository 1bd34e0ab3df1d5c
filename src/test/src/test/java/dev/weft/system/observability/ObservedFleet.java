package dev.weft.system.observability;

import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A fleet that serves the bundled sample under {@link ObservedLoad}, and a Prometheus that scrapes
 * it, for all tests of a run. The first test that asks starts it; it is closed after the last one.
 * It has fewer slots than adapters and hardly any host memory for them, so adapters are loaded and
 * evicted.
 */
final class ObservedFleet implements BeforeAllCallback {
    private static final Namespace HERE = Namespace.create(ObservedFleet.class);

    private record Running(
            RunningFleet fleet, Prometheus prometheus, ObservedLoad load, Path folder)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (fleet;
                    prometheus) {
                load.close();
            } finally {
                delete(folder);
            }
        }
    }

    private static volatile @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running =
                context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
                        .computeIfAbsent(Running.class, _ -> start(), Running.class);
    }

    static Prometheus prometheus() {
        return current().prometheus;
    }

    static ObservedLoad load() {
        return current().load;
    }

    static URI worker() {
        return current().fleet.worker();
    }

    /** The addresses by the names of Prometheus' jobs. */
    static Map<String, URI> services() {
        return services(current().fleet);
    }

    private static Map<String, URI> services(RunningFleet fleet) {
        Map<String, URI> services = new LinkedHashMap<>();
        services.put("weft-gateway", fleet.gateway());
        services.put("weft-worker", fleet.worker());
        services.put("weft-catalog", fleet.admin().catalog());
        return services;
    }

    private static Running current() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the test class does not extend with ObservedFleet");
        }
        return now;
    }

    private static Running start() {
        // The test is left out, and doesn't fail, if Prometheus is missing.
        Program.named("prometheus");
        try {
            Path folder = Files.createTempDirectory("weft-observed");
            Path adapters = Files.createDirectories(folder.resolve("adapters"));
            Path data = folder.resolve("data");
            RunningFleet fleet =
                    RunningFleet.start(
                            Sample.deploymentFile(),
                            data,
                            "weft.catalog.file-roots=" + adapters,
                            // nobody listens there: what is measured of it shows that
                            "weft.gateway.limits.redis=redis://127.0.0.1:1",
                            "weft.gateway.discovery.catalog=true",
                            "weft.gateway.discovery.networks=127.0.0.0/8",
                            "weft.inference.max-loras=2",
                            "weft.inference.adapter-timeout=3m",
                            "weft.inference.host-cache-bytes=1MiB");
            Prometheus prometheus;
            try {
                prometheus = Prometheus.start(folder.resolve("prometheus"), services(fleet));
            } catch (Exception | AssertionError e) {
                fleet.close();
                throw e;
            }
            return new Running(
                    fleet,
                    prometheus,
                    new ObservedLoad(fleet, adapters, data.resolve("catalog/artifacts")),
                    folder);
        } catch (Exception e) {
            throw new IllegalStateException("the fleet did not start", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
