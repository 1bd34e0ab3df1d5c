package dev.weft.standalone.launch;

import dev.weft.access.AccessSettings;
import dev.weft.access.tls.TlsSettings;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import dev.weft.service.settings.AddressSettings;
import dev.weft.service.settings.LogSettings;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.BoundSettings;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a fleet in one process, one for each base. What concerns the process (access, TLS,
 * logs, metrics, traces, the address that it listens at) comes from the fleet's own file, the rest
 * from the worker's.
 */
record FleetWorkers(Fleet fleet) {
    /**
     * The port of each worker: the one in its file, or the next number that no earlier worker has;
     * 0 for a free one.
     */
    List<Integer> ports() {
        Set<Integer> taken = new HashSet<>();
        return workers().map(worker -> free(worker.port(), taken)).toList();
    }

    private Stream<AddressSettings.Worker> workers() {
        return fleet.deployments().stream()
                .map(deployment -> deployment.settings(AddressSettings.class).inference());
    }

    /** Takes a port, or the next number that is not taken; returns 0 for 0. */
    private static int free(int wanted, Set<Integer> taken) {
        int port = wanted;
        while (port != 0 && !taken.add(port)) {
            port++;
        }
        return port;
    }

    /**
     * The port for metrics of each worker: the one in its file, or the next number that no worker
     * has for requests and no earlier one for metrics; null for the one that follows from its port.
     */
    List<@Nullable Integer> managementPorts() {
        Set<Integer> taken = new HashSet<>(ports());
        List<@Nullable Integer> ports = new ArrayList<>();
        workers()
                .map(AddressSettings.Worker::managementPort)
                .forEach(port -> ports.add(port == null ? null : free(port, taken)));
        return ports;
    }

    /** The settings of a worker. */
    BoundSettings settings(int number) {
        Deployment deployment = fleet.deployments().get(number);
        if (fleet.isOne()) {
            return deployment.settings();
        }
        AddressSettings ours = fleet.settings(AddressSettings.class);
        URI address = deployment.settings(AddressSettings.class).inference().address();
        return deployment
                .settings()
                .with(fleet.settings(AccessSettings.class))
                .with(fleet.settings(TlsSettings.class))
                .with(fleet.settings(LogSettings.class))
                .with(fleet.settings(MetricsSettings.class))
                .with(fleet.settings(TracingSettings.class))
                .with(
                        new AddressSettings(
                                ours.bindAddress(),
                                ours.gateway(),
                                ours.catalog(),
                                new AddressSettings.Worker(
                                        ports().get(number),
                                        managementPorts().get(number),
                                        address)));
    }

    /** A worker's folder, below the one for state; the same at each start. */
    String folder(int number) {
        if (fleet.isOne()) {
            return "worker";
        }
        List<String> names = fleet.bases().stream().map(FleetWorkers::plain).toList();
        String name = names.get(number);
        boolean shared = names.indexOf(name) < number;
        return "workers/" + name + (shared ? "-" + number : "");
    }

    private static String plain(String base) {
        return base.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^\\.+", "-");
    }
}
