package dev.weft.gateway.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.gateway.discovery.source.SourceRecorder;
import dev.weft.gateway.discovery.source.SourceRecorder.News;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.protocol.loop.Loops;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers behind a Service, before a real API server with etcd. If these can't be had, the client's
 * own mock takes their place, and a line says so.
 */
class KubernetesSourceTest {
    private static final Path ROLE =
            Path.of("..", "samples", "kubernetes", "gateway-role.yaml").toAbsolutePath();

    @TempDir private static Path folder;
    @AutoClose private static Cluster cluster;

    private final SourceRecorder told = new SourceRecorder();
    private @Nullable KubernetesSource source;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> programs = RealCluster.programs();
        if (programs.isPresent()) {
            cluster = new RealCluster(programs.get(), folder);
        } else {
            System.out.println(
                    "KubernetesSourceTest: a mock in place of kube-apiserver and etcd, which"
                            + " src/test/kubernetes/install brings");
            cluster = new MockCluster(folder);
        }
    }

    @BeforeEach
    void allow() throws Exception {
        try (var role = Files.newInputStream(ROLE)) {
            admin().load(role)
                    .items()
                    .forEach(item -> admin().resource(item).createOr(r -> r.update()));
        }
        if (cluster instanceof RealCluster real) {
            RealCluster.await(real::showsSlices);
        }
    }

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
        admin().discovery().v1().endpointSlices().inNamespace("weft").delete();
    }

    private static KubernetesClient admin() {
        return cluster.admin();
    }

    private void look(@Nullable String port) {
        DiscoverySettings none = DiscoverySettings.NONE;
        source =
                KubernetesSource.of(
                        new DiscoverySettings(
                                none.dns(),
                                none.srv(),
                                none.nameServers(),
                                Duration.ofSeconds(10),
                                null,
                                none.networks(),
                                64,
                                false,
                                new DiscoverySettings.Kubernetes(
                                        "workers", null, port, cluster.kubeconfig())),
                        "http",
                        new Loops());
        source.start(told);
    }

    private static Endpoint pod(String address, boolean ready, boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .withServing(ready || terminating)
                .withTerminating(terminating)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName("worker-" + address.hashCode())
                .withUid("uid-" + address)
                .endTargetRef()
                .build();
    }

    private static EndpointSlice slice(String name, String service, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("weft")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(endpoints)
                .addNewPort()
                .withName("http")
                .withPort(8082)
                .endPort()
                .build();
    }

    private static void put(EndpointSlice slice) {
        admin().discovery()
                .v1()
                .endpointSlices()
                .inNamespace("weft")
                .resource(slice)
                .createOr(r -> r.update());
    }

    @Test
    void podsOfTheServiceAreWorkersAsLongAsTheyAreThere() throws Exception {
        put(slice("workers-a", "workers", pod("10.1.0.1", true, false)));
        put(slice("other-a", "other", pod("10.1.0.99", true, false)));
        look(null);
        told.awaitWorkers("http://10.1.0.1:8082");
        put(
                slice(
                        "workers-a",
                        "workers",
                        pod("10.1.0.1", true, false),
                        pod("10.1.0.2", true, false)));
        told.awaitWorkers("http://10.1.0.1:8082", "http://10.1.0.2:8082");
        put(slice("workers-b", "workers", pod("10.1.0.3", true, false)));
        told.awaitWorkers("http://10.1.0.1:8082", "http://10.1.0.2:8082", "http://10.1.0.3:8082");
        put(slice("workers-a", "workers", pod("10.1.0.2", true, false)));
        told.awaitWorkers("http://10.1.0.2:8082", "http://10.1.0.3:8082");
        admin().discovery()
                .v1()
                .endpointSlices()
                .inNamespace("weft")
                .withName("workers-b")
                .delete();
        told.awaitWorkers("http://10.1.0.2:8082");
    }

    @Test
    void podsThatEndOrAreNotReadyDrain() throws Exception {
        put(
                slice(
                        "workers-a",
                        "workers",
                        pod("10.1.0.1", true, false),
                        pod("10.1.0.2", false, false)));
        look("http");
        told.awaitWorkers("http://10.1.0.1:8082", "http://10.1.0.2:8082 drains");
        put(
                slice(
                        "workers-a",
                        "workers",
                        pod("10.1.0.1", false, true),
                        pod("10.1.0.2", true, false)));
        told.awaitWorkers("http://10.1.0.1:8082 drains", "http://10.1.0.2:8082");
        put(slice("workers-a", "workers", pod("10.1.0.2", true, false)));
        told.awaitWorkers("http://10.1.0.2:8082");
    }

    @Test
    void aPortThatIsNotThereIsSaid() throws Exception {
        put(slice("workers-a", "workers", pod("10.1.0.1", true, false)));
        look("grpc");
        assertThat(told.next())
                .isEqualTo(
                        new News(
                                List.of(),
                                "EndpointSlice workers-a has no port 'grpc'"
                                        + " (weft.gateway.discovery.kubernetes.port): only pods"
                                        + " that were found before stay"));
    }

    @Test
    void aPortThatIsAddedTakesNobodyOffTheList() throws Exception {
        put(slice("workers-a", "workers", pod("10.1.0.1", true, false)));
        look(null);
        told.awaitWorkers("http://10.1.0.1:8082");
        put(
                slice(
                                "workers-a",
                                "workers",
                                pod("10.1.0.1", true, false),
                                pod("10.1.0.2", true, false))
                        .edit()
                        .addNewPort()
                        .withName("metrics")
                        .withPort(9082)
                        .endPort()
                        .build());
        News news = told.await(each -> !each.problem().isEmpty());
        assertThat(news.problem()).startsWith("EndpointSlice workers-a has not one port");
        assertThat(news.workers()).containsExactly("http://10.1.0.1:8082");
    }

    @Test
    void aGatewayThatMayNotSeeSlicesSaysSoAndKeepsWhatItKnew() throws Exception {
        assumeTrue(cluster instanceof RealCluster, "the mock knows no RBAC");
        RealCluster real = (RealCluster) cluster;
        admin().rbac().roleBindings().inNamespace("weft").withName("weft-gateway").delete();
        RealCluster.await(() -> !real.showsSlices());
        put(slice("workers-a", "workers", pod("10.1.0.1", true, false)));
        look(null);
        assertThat(told.next().problem())
                .isEqualTo("EndpointSlices of weft/workers: the API server answers 403");
        allow();
        told.awaitWorkers("http://10.1.0.1:8082");
    }

    @Test
    void anApiServerThatIsAwayTakesNobodyOffTheListAndADeletionMeanwhileIsSeenAfterwards()
            throws Exception {
        assumeTrue(cluster instanceof RealCluster, "the mock can't come back with what it had");
        RealCluster real = (RealCluster) cluster;
        put(slice("workers-a", "workers", pod("10.1.0.1", true, false)));
        put(slice("workers-b", "workers", pod("10.1.0.2", true, false)));
        look(null);
        told.awaitWorkers("http://10.1.0.1:8082", "http://10.1.0.2:8082");
        real.stopsServer();
        assertThat(told.await(news -> !news.problem().isEmpty()).problem())
                .startsWith("EndpointSlices of weft/workers: no answer (");
        real.startsServer();
        admin().discovery()
                .v1()
                .endpointSlices()
                .inNamespace("weft")
                .withName("workers-a")
                .delete();
        told.awaitWorkers("http://10.1.0.2:8082");
    }
}
