package dev.weft.gateway.discovery.kubernetes;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.worker.ListedWorker;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the workers of a Service out of its slices. A pod is one worker, also if it has addresses
 * of both families (then by that of IPv4), or stands in two slices while it is moved from one to
 * the other. A pod that isn't ready, or ends, drains.
 *
 * @param port name of the port; null for the only one
 */
record ServiceEndpoints(String scheme, @Nullable String port, FoundAddresses allowed) {
    /**
     * What was read.
     *
     * @param problems why a part of it could not be
     */
    record Read(List<ListedWorker> workers, List<String> problems) {
        Read {
            workers = List.copyOf(workers);
            problems = List.copyOf(problems);
        }
    }

    private record Pod(String family, ListedWorker worker) {
        /** IPv4 comes first; of two entries of one family the one that takes requests counts. */
        static Pod one(Pod first, Pod second) {
            return first.family.equals(second.family) && first.worker.draining() ? second : first;
        }
    }

    Read read(Collection<EndpointSlice> slices) {
        Map<String, Pod> pods = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        slices.stream()
                .sorted(
                        Comparator.comparing(EndpointSlice::getAddressType)
                                .thenComparing(slice -> slice.getMetadata().getName()))
                .filter(slice -> !endpoints(slice).isEmpty())
                .forEach(slice -> read(slice, pods, problems));
        return new Read(pods.values().stream().map(Pod::worker).toList(), problems);
    }

    private void read(EndpointSlice slice, Map<String, Pod> pods, List<String> problems) {
        Optional<Integer> number = port(slice);
        if (number.isEmpty()) {
            problems.add(
                    "EndpointSlice "
                            + slice.getMetadata().getName()
                            + " has "
                            + (port == null ? "not one port" : "no port '" + port + "'")
                            + ": weft.gateway.discovery.kubernetes.port");
            return;
        }
        for (Endpoint endpoint : endpoints(slice)) {
            if (endpoint.getAddresses().isEmpty()) {
                continue;
            }
            // all of an endpoint's addresses are said to be the same; clients take the first
            InetAddress address = literal(endpoint.getAddresses().getFirst());
            if (address == null || !allowed.admits(address)) {
                problems.add(
                        endpoint.getAddresses().getFirst()
                                + " does not lie in weft.gateway.discovery.networks");
                continue;
            }
            var worker =
                    new ListedWorker(
                            FoundAddresses.worker(scheme, address, number.get()),
                            !takesRequests(endpoint.getConditions()));
            pods.merge(pod(endpoint), new Pod(slice.getAddressType(), worker), Pod::one);
        }
    }

    private static List<Endpoint> endpoints(EndpointSlice slice) {
        return slice.getEndpoints() == null ? List.of() : slice.getEndpoints();
    }

    private Optional<Integer> port(EndpointSlice slice) {
        List<Integer> fitting =
                (slice.getPorts() == null ? List.<EndpointPort>of() : slice.getPorts())
                        .stream()
                                .filter(candidate ->
                                        port == null || port.equals(candidate.getName()))
                                .filter(candidate -> candidate.getPort() != null)
                                .map(EndpointPort::getPort)
                                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    /** A name (slices of type FQDN have some) is not looked up. */
    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Conditions that are not known count as good, as the API has it. */
    private static boolean takesRequests(@Nullable EndpointConditions conditions) {
        if (conditions == null) {
            return true;
        }
        return !Boolean.FALSE.equals(conditions.getReady())
                && !Boolean.TRUE.equals(conditions.getTerminating());
    }

    private static String pod(Endpoint endpoint) {
        String id = endpoint.getTargetRef() == null ? null : endpoint.getTargetRef().getUid();
        return id == null ? endpoint.getAddresses().getFirst() : id;
    }
}
