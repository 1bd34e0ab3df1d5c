package dev.weft.gateway.discovery.kubernetes;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/**
 * A gateway finds its workers by the EndpointSlices of a Service while it serves. An API server
 * takes no slice with an address of this machine alone, so the client's own mock tells of them.
 */
class PodsComeAndGoTest {
    private static final String BODY = "{\"model\":\"" + BASE + "\"}";
    private static final String STREAM = "{\"model\":\"" + BASE + "\",\"stream\":true}";

    @TempDir private Path folder;
    private MockCluster cluster;
    private FakeCatalog catalog;
    private FakeWorker one;
    private FakeWorker two;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        cluster = new MockCluster(folder);
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        one = new FakeWorker(BASE, 0);
        two = new FakeWorker(BASE, 0);
        put(slice("one", one, true));
        gateway =
                Gateways.startLooking(
                        catalog.address(),
                        "weft.gateway.discovery.kubernetes.service=workers",
                        "weft.gateway.discovery.kubernetes.kubeconfig=" + cluster.kubeconfig(),
                        "weft.gateway.discovery.networks=127.0.0.0/8");
        await(() -> Gateways.workersReady(gateway) == 1);
    }

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
        catalog.close();
        cluster.close();
    }

    /** A pod that is terminating serves on until its last request is answered. */
    private static EndpointSlice slice(String name, FakeWorker worker, boolean ready) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("weft")
                .addToLabels("kubernetes.io/service-name", "workers")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses("127.0.0.1")
                .withNewConditions()
                .withReady(ready)
                .withServing(true)
                .withTerminating(!ready)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .withUid("uid-" + name)
                .endTargetRef()
                .endEndpoint()
                .addNewPort()
                .withName("http")
                .withPort(worker.address().getPort())
                .endPort()
                .build();
    }

    private void put(EndpointSlice slice) {
        cluster.admin()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("weft")
                .resource(slice)
                .createOr(r -> r.update());
    }

    private void assertAllGoTo(FakeWorker worker, FakeWorker other) throws Exception {
        worker.requests();
        other.requests();
        for (int i = 0; i < 20; i++) {
            assertThat(chat(gateway, BODY).statusCode()).isEqualTo(200);
        }
        assertThat(worker.requests()).isEqualTo(20);
        assertThat(other.gotNothing()).isTrue();
    }

    @Test
    void aPodThatEndsKeepsItsStreamAndGetsNothingNew() throws Exception {
        Sinks.Many<String> words = Sinks.many().unicast().onBackpressureBuffer();
        one.answers(FakeWorker.stream(words.asFlux()));
        CompletableFuture<HttpResponse<String>> stream =
                Gateways.CLIENT.sendAsync(
                        Gateways.post(gateway, "/v1/chat/completions", STREAM),
                        HttpResponse.BodyHandlers.ofString());
        words.tryEmitNext("data: 1\n\n").orThrow();
        one.next();
        one.answers(FakeWorker.json(200, "{}"));

        put(slice("two", two, true));
        await(() -> Gateways.workersReady(gateway) == 2);
        put(slice("one", one, false));
        await(() -> {
            one.requests();
            for (int i = 0; i < 4; i++) {
                chat(gateway, BODY);
            }
            return one.gotNothing();
        });
        assertAllGoTo(two, one);
        assertThat(stream).isNotDone();

        words.tryEmitNext("data: [DONE]\n\n").orThrow();
        words.tryEmitComplete().orThrow();
        HttpResponse<String> whole = stream.get(60, TimeUnit.SECONDS);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).contains("data: 1\n", "data: [DONE]\n").doesNotContain("error");

        cluster.admin()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("weft")
                .withName("one")
                .delete();
        await(() -> Gateways.workersReady(gateway) == 1);
        assertAllGoTo(two, one);
    }
}
