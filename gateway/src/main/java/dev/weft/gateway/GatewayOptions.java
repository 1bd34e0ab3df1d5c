package dev.weft.gateway;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options that a gateway is started with.
 *
 * @param settings port, limits; its list of workers is ignored
 * @param bindAddress address to listen on
 * @param servedModelName the name by which clients call the base
 * @param workers addresses of workers, without a path; at least one
 * @param catalog address of the catalog, without a path; it need not be running
 * @param catalogToken sent to it; null for none
 * @param tracing which traces are made, and where they go
 * @param log whether requests are logged
 * @param keys serve only requests with a token, as its tenant
 * @param management where metrics are published
 * @param tls its certificate and those that it trusts
 * @param metrics which adapters have their own label in metrics
 */
public record GatewayOptions(
        WeftSettings.Gateway settings,
        String bindAddress,
        String servedModelName,
        List<URI> workers,
        URI catalog,
        @Nullable String catalogToken,
        boolean keys,
        Management management,
        ServiceTls tls,
        WeftSettings.Metrics metrics,
        Clock clock,
        TracingSettings tracing,
        WeftSettings.Log log) {

    /** Options without tokens: every request is of the default tenant. */
    public GatewayOptions(
            WeftSettings.Gateway settings,
            String bindAddress,
            String servedModelName,
            List<URI> workers,
            URI catalog,
            Clock clock) {
        this(
                settings,
                bindAddress,
                servedModelName,
                workers,
                catalog,
                null,
                false,
                Management.SAME_PORT,
                ServiceTls.OFF,
                WeftSettings.Metrics.DEFAULT,
                clock,
                TracingSettings.OFF,
                WeftSettings.Log.DEFAULT);
    }

    /** The name it gives itself: its machine and its port. */
    String name() {
        String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
        return "gateway-" + host.replaceAll("[^A-Za-z0-9.-]", "-") + ":" + settings.port();
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "GatewayOptions[" + servedModelName + ", catalog=" + catalog + "]";
    }

    public GatewayOptions {
        workers = List.copyOf(workers);
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a gateway needs the address of a worker");
        }
        for (URI worker : workers) {
            if (worker.getHost() == null
                    || !List.of("http", "https").contains(worker.getScheme())) {
                throw new IllegalArgumentException(
                        "worker '"
                                + worker
                                + "': an address like http://127.0.0.1:8082 is allowed");
            }
        }
    }
}
