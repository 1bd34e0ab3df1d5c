package dev.weft.gateway.settings;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.settings.Allowed;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.gateway.discovery}: where a gateway looks for workers besides {@code
 * weft.gateway.workers}.
 *
 * @param dns Hosts of workers: each address that DNS has for the host (A and AAAA) is a worker at
 *     that port. Full names; search domains are not tried.
 * @param srv Names of SRV records: each address of each target is a worker at the target's port.
 *     Only targets of the first priority count, and weights don't.
 * @param nameServers Addresses of the name servers that are asked.
 * @param refresh Longest time between two look-ups of a name; records whose time to live ends
 *     before are looked up then, at most once a second.
 * @param scheme How workers are reached whose source doesn't say it (SRV records and Kubernetes).
 * @param networks Where addresses of workers may lie that were found by DNS, in Kubernetes or in
 *     the catalog.
 * @param maxWorkers Most workers that a gateway knows; others that are found are left out.
 * @param catalog Workers that report to the catalog are workers of this gateway, at the address
 *     that they report ({@code weft.inference.address}).
 */
@ConfigurationProperties("weft.gateway.discovery")
public record DiscoverySettings(
        @DefaultValue List<URI> dns,
        @DefaultValue
                List<
                                @Pattern(
                                        regexp =
                                                "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\\.?",
                                        message = "a name like _http._tcp.workers.example")
                                String>
                        srv,
        @Unset("those of the machine") @DefaultValue
                List<
                                @Pattern(
                                        regexp =
                                                "[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?",
                                        message =
                                                "an address like 10.0.0.10, 10.0.0.10:53 or"
                                                        + " [fd00::10]:53")
                                String>
                        nameServers,
        @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(minutes = 10) Duration refresh,
        @Unset("https if `weft.tls.certificate` is given, else http") @Nullable Scheme scheme,
        @Unset("anywhere but loopback and link-local addresses")
                @DefaultValue
                @Allowed(AddressRange.ALLOWED)
                List<AddressRange> networks,
        @DefaultValue("256") @Range(min = 1, max = 4096) int maxWorkers,
        @DefaultValue("false") boolean catalog,
        @DefaultValue Kubernetes kubernetes) {
    /** What applies if the file says nothing. */
    public static final DiscoverySettings NONE =
            new DiscoverySettings(
                    List.of(),
                    List.of(),
                    List.of(),
                    Duration.ofSeconds(10),
                    null,
                    List.of(),
                    256,
                    false,
                    Kubernetes.NONE);

    /**
     * {@code weft.gateway.discovery.kubernetes}.
     *
     * @param service Name of a Service of Kubernetes: each of its pods is a worker, by its
     *     EndpointSlices. The gateway needs the verbs get, list and watch on them.
     * @param namespace Namespace of the Service.
     * @param port Name of the Service's port at which workers are reached.
     * @param kubeconfig File that says how the API server is reached.
     */
    public record Kubernetes(
            @Unset("none")
                    @Pattern(
                            regexp = NAME,
                            message = "a name like weft-workers: small letters, digits and -")
                    @Nullable String service,
            @Unset("that of the gateway's pod, or of `kubeconfig`")
                    @Pattern(
                            regexp = NAME,
                            message = "a name like weft: small letters, digits and -")
                    @Nullable String namespace,
            @Unset("its only port") @Nullable String port,
            @Unset("none: as the gateway's pod") @Allowed("a file") @Nullable Path kubeconfig) {
        private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

        /** No Service. */
        public static final Kubernetes NONE = new Kubernetes(null, null, null, null);
    }

    /** How a worker is reached. */
    public enum Scheme {
        http,
        https
    }

    public DiscoverySettings {
        dns = List.copyOf(dns);
        srv = List.copyOf(srv);
        nameServers = List.copyOf(nameServers);
        networks = List.copyOf(networks);
    }

    /** True if workers are looked for anywhere. */
    public boolean looks() {
        return !dns.isEmpty() || !srv.isEmpty() || catalog || kubernetes.service() != null;
    }
}
