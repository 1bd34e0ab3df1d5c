package dev.weft.gateway.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.worker.ListedWorker;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What slices say, as controllers write them. */
class ServiceEndpointsTest {
    private static final ServiceEndpoints ANY_PORT =
            new ServiceEndpoints("http", null, new FoundAddresses(List.of()));

    private static Endpoint endpoint(
            @Nullable String pod, String address, @Nullable Boolean ready) {
        var builder = new EndpointBuilder().withAddresses(address);
        if (ready != null) {
            builder.withNewConditions().withReady(ready).endConditions();
        }
        if (pod != null) {
            builder.withNewTargetRef().withUid(pod).endTargetRef();
        }
        return builder.build();
    }

    private static EndpointSlice slice(String name, String family, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withAddressType(family)
                .withEndpoints(endpoints)
                .addNewPort()
                .withPort(8082)
                .endPort()
                .build();
    }

    private static ServiceEndpoints.Read read(List<EndpointSlice> slices) {
        return ANY_PORT.read(slices, ServiceEndpoints.Read.NOTHING);
    }

    private static ListedWorker worker(String address, boolean draining) {
        return new ListedWorker(URI.create(address), draining);
    }

    @Test
    void aPodWithAddressesOfBothFamiliesIsOneWorker() {
        assertThat(
                        read(List.of(
                                        slice("six", "IPv6", endpoint("a", "fd00::1", true)),
                                        slice("four", "IPv4", endpoint("a", "10.1.0.1", true)),
                                        slice("more", "IPv6", endpoint("b", "fd00::2", true))))
                                .workers())
                .containsExactly(
                        worker("http://10.1.0.1:8082", false),
                        worker("http://[fd00:0:0:0:0:0:0:2]:8082", false));
    }

    @Test
    void aPodThatIsMovedBetweenSlicesTakesRequestsIfOneOfThemSaysSo() {
        assertThat(
                        read(List.of(
                                        slice("old", "IPv4", endpoint("a", "10.1.0.1", false)),
                                        slice("young", "IPv4", endpoint("a", "10.1.0.1", true))))
                                .workers())
                .containsExactly(worker("http://10.1.0.1:8082", false));
    }

    @Test
    void conditionsThatAreNotKnownAreGood() {
        assertThat(read(List.of(slice("a", "IPv4", endpoint(null, "10.1.0.1", null)))).workers())
                .containsExactly(worker("http://10.1.0.1:8082", false));
    }

    /** Slices that a person writes have no pods: there may be a worker at each of some ports. */
    @Test
    void withoutPodsEachAddressAndPortIsAWorker() {
        EndpointSlice first = slice("a", "IPv4", endpoint(null, "10.1.0.7", true));
        EndpointSlice second = slice("b", "IPv4", endpoint(null, "10.1.0.7", true));
        second.getPorts().getFirst().setPort(8083);
        ServiceEndpoints.Read both = read(List.of(first, second));
        assertThat(both.workers())
                .containsExactly(
                        worker("http://10.1.0.7:8082", false),
                        worker("http://10.1.0.7:8083", false));

        second.setPorts(List.of());
        assertThat(ANY_PORT.read(List.of(second), both).workers())
                .containsExactly(
                        worker("http://10.1.0.7:8082", false),
                        worker("http://10.1.0.7:8083", false));
    }

    @Test
    void whatMayBeNoWorkerIsLeftOutAndSaid() {
        ServiceEndpoints.Read read =
                read(
                        List.of(
                                slice(
                                        "a",
                                        "IPv4",
                                        endpoint("a", "169.254.169.254", true),
                                        endpoint("b", "10.1.0.1", true)),
                                slice("names", "FQDN", endpoint("c", "worker.example", true)),
                                slice("empty", "IPv4")));
        assertThat(read.workers()).containsExactly(worker("http://10.1.0.1:8082", false));
        assertThat(read.problems())
                .containsExactly(
                        "worker.example does not lie in weft.gateway.discovery.networks: left out",
                        "169.254.169.254 does not lie in weft.gateway.discovery.networks: left"
                                + " out");
    }

    /** E.g. while somebody adds a port for metrics to the Service. */
    @Test
    void podsOfASliceThatCantBeReadStayWhereTheyWere() {
        ServiceEndpoints.Read first =
                read(
                        List.of(
                                slice(
                                        "a",
                                        "IPv4",
                                        endpoint("a", "10.1.0.1", true),
                                        endpoint("b", "10.1.0.2", true),
                                        endpoint("c", "10.1.0.3", true))));
        EndpointSlice two =
                slice(
                                "a",
                                "IPv4",
                                endpoint("a", "10.1.0.1", true),
                                endpoint("b", "10.1.0.2", false),
                                endpoint("young", "10.1.0.4", true))
                        .edit()
                        .addNewPort()
                        .withPort(9082)
                        .endPort()
                        .build();
        ServiceEndpoints.Read next = ANY_PORT.read(List.of(two), first);
        assertThat(next.problems())
                .containsExactly(
                        "EndpointSlice a has not one port"
                                + " (weft.gateway.discovery.kubernetes.port): only pods that were"
                                + " found before stay");
        assertThat(next.workers())
                .containsExactly(
                        worker("http://10.1.0.1:8082", false),
                        worker("http://10.1.0.2:8082", true));
        assertThat(ANY_PORT.read(List.of(two), next).workers()).isEqualTo(next.workers());
        assertThat(ANY_PORT.read(List.of(), next).workers()).isEmpty();
    }

    @Test
    void aPodReachesTheApiServerAsItsServiceAccountWithTheTokenThatItHasNow(@TempDir Path account)
            throws Exception {
        assertThatThrownBy(() -> ClusterAccess.ofPod(Map.of(), account))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "weft.gateway.discovery.kubernetes.kubeconfig must be given");
        Files.writeString(account.resolve("token"), "first\n");
        Files.writeString(account.resolve("namespace"), "weft");
        Config config =
                ClusterAccess.ofPod(
                                Map.of(
                                        "KUBERNETES_SERVICE_HOST",
                                        "fd00::1",
                                        "KUBERNETES_SERVICE_PORT",
                                        "6443"),
                                account)
                        .build();
        assertThat(config.getMasterUrl()).isEqualTo("https://[fd00::1]:6443/");
        assertThat(config.getNamespace()).isEqualTo("weft");
        assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("first");
        Files.writeString(account.resolve("token"), "second");
        assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("second");
    }
}
