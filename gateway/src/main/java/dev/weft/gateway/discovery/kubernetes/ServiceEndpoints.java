package dev.weft.gateway.discovery.kubernetes;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.worker.ListedWorker;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the workers of a Service from its slices. A pod is one worker, even if it has addresses of
 * both families (the IPv4 address counts), or is in two slices while it moves from one to the
 * other. A pod that isn't ready, or is terminating, drains. If a slice can't be read, its pods that
 * were read before keep their addresses.
 *
 * @param port name of the port; null for the only one
 */
record ServiceEndpoints(String scheme, @Nullable String port, FoundAddresses allowed) {
    /**
     * The result of reading all slices.
     *
     * @param pods the workers by their pods' ids
     * @param problems why a part of the slices could not be read
     */
    record Read(Map<String, ListedWorker> pods, List<String> problems) {
        /** The result before the slices were read for the first time. */
        static final Read NOTHING = new Read(Map.of(), List.of());

        Read {
            pods = Collections.unmodifiableMap(new LinkedHashMap<>(pods));
            problems = List.copyOf(problems);
        }

        List<ListedWorker> workers() {
            return List.copyOf(pods.values());
        }
    }

    /** One pass over all slices. */
    private record Reading(
            Map<String, ListedWorker> before, Map<String, Pod> pods, List<String> problems) {
        void put(EndpointSlice slice, Endpoint endpoint, URI address) {
            var worker = new ListedWorker(address, !takesRequests(endpoint.getConditions()));
            pods.merge(id(endpoint, address), new Pod(slice.getAddressType(), worker), Pod::one);
        }

        void putAsBefore(EndpointSlice slice, Endpoint endpoint) {
            String pod = pod(endpoint);
            if (pod != null) {
                ListedWorker worker = before.get(pod);
                if (worker != null) {
                    put(slice, endpoint, worker.address());
                }
                return;
            }
            InetAddress address = literal(endpoint.getAddresses().getFirst());
            for (ListedWorker worker : List.copyOf(before.values())) {
                if (address != null
                        && before.containsKey(worker.address().getAuthority())
                        && address.equals(literal(host(worker.address())))) {
                    put(slice, endpoint, worker.address());
                }
            }
        }

        Read read() {
            Map<String, ListedWorker> workers = new LinkedHashMap<>();
            pods.forEach((id, pod) -> workers.put(id, pod.worker()));
            return new Read(workers, problems);
        }
    }

    private record Pod(String family, ListedWorker worker) {
        /** IPv4 comes first; of two entries of one family the one that takes requests counts. */
        static Pod one(Pod first, Pod second) {
            return first.family.equals(second.family) && first.worker.draining() ? second : first;
        }
    }

    /**
     * Reads all slices.
     *
     * @param before what was read the last time
     */
    Read read(Collection<EndpointSlice> slices, Read before) {
        var reading = new Reading(before.pods(), new LinkedHashMap<>(), new ArrayList<>());
        slices.stream()
                .sorted(
                        Comparator.comparing(EndpointSlice::getAddressType)
                                .thenComparing(slice -> slice.getMetadata().getName()))
                .filter(slice -> !endpoints(slice).isEmpty())
                .forEach(slice -> read(slice, reading));
        return reading.read();
    }

    private void read(EndpointSlice slice, Reading reading) {
        List<Endpoint> endpoints =
                endpoints(slice).stream()
                        .filter(endpoint -> !endpoint.getAddresses().isEmpty())
                        .toList();
        Optional<Integer> number = port(slice);
        if (number.isEmpty()) {
            reading.problems.add(
                    "EndpointSlice "
                            + slice.getMetadata().getName()
                            + " has "
                            + (port == null ? "not one port" : "no port '" + port + "'")
                            + " (weft.gateway.discovery.kubernetes.port): only pods that were"
                            + " found before stay");
            endpoints.forEach(endpoint -> reading.putAsBefore(slice, endpoint));
            return;
        }
        for (Endpoint endpoint : endpoints) {
            // all of an endpoint's addresses are said to be the same; clients take the first
            InetAddress address = literal(endpoint.getAddresses().getFirst());
            if (address == null || !allowed.admits(address)) {
                reading.problems.add(
                        endpoint.getAddresses().getFirst()
                                + " does not lie in weft.gateway.discovery.networks: left out");
                continue;
            }
            reading.put(slice, endpoint, FoundAddresses.worker(scheme, address, number.get()));
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

    /** The address; null for a name (slices of type FQDN have some), which is not looked up. */
    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Unknown conditions count as good, as the API says. */
    private static boolean takesRequests(@Nullable EndpointConditions conditions) {
        if (conditions == null) {
            return true;
        }
        return !Boolean.FALSE.equals(conditions.getReady())
                && !Boolean.TRUE.equals(conditions.getTerminating());
    }

    private static @Nullable String pod(Endpoint endpoint) {
        return endpoint.getTargetRef() == null ? null : endpoint.getTargetRef().getUid();
    }

    /** An endpoint that no pod is behind is the worker at that address and port. */
    private static String id(Endpoint endpoint, URI address) {
        String pod = pod(endpoint);
        return pod == null ? address.getAuthority() : pod;
    }

    /** An address's host without the brackets of IPv6. */
    private static String host(URI address) {
        return address.getHost().replaceAll("[\\[\\]]", "");
    }
}
