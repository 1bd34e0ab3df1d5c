package dev.weft.gateway;

import static dev.weft.gateway.Gateways.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.management.Management;
import dev.weft.access.management.ManagementDoor;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway with a port of its own for metrics. */
class ManagementPortTest {
    @Test
    void eachPortHasItsOwnAddressesAndNoOthers() throws Exception {
        try (FakeCatalog catalog = new FakeCatalog();
                FakeWorker worker = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        Gateways.startWithKeys(
                                catalog.address(),
                                Management.of(0, 0, "127.0.0.1", true, false),
                                worker.address())) {
            int port = gateway.context().getBean(ManagementDoor.class).port().orElseThrow();
            URI management = URI.create("http://127.0.0.1:" + port);
            assertThat(get(management, "/actuator/prometheus").body())
                    .contains("weft_gateway_requests_in_flight");
            Gateways.await(() -> get(management, "/actuator/health/readiness").statusCode() == 200);
            assertThat(get(management, "/actuator/health/readiness").body())
                    .contains("workersReady");
            for (String path : List.of("/v1/models", "/v1/chat/completions", "/", "/nothing")) {
                assertThat(get(management, path).statusCode()).as(path).isEqualTo(404);
            }
            HttpResponse<String> readiness = get(gateway.address(), "/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(200);
            assertThat(readiness.body()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(get(gateway.address(), "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            for (String path :
                    List.of(
                            "/actuator/prometheus",
                            "/actuator/health",
                            "/actuator",
                            "/v1/models")) {
                assertThat(get(gateway.address(), path).statusCode()).as(path).isEqualTo(401);
            }
        }
    }

    @Test
    void anOpenGatewayHasItsMetricsAtBothPorts() throws Exception {
        try (FakeCatalog catalog = new FakeCatalog();
                FakeWorker worker = new FakeWorker(BASE, 0);
                GatewayService gateway =
                        GatewayService.start(
                                Gateways.options(catalog.address(), worker.address())
                                        .with(
                                                Management.class,
                                                Management.of(0, 0, "127.0.0.1", false, false)))) {
            int port = gateway.context().getBean(ManagementDoor.class).port().orElseThrow();
            URI management = URI.create("http://127.0.0.1:" + port);
            for (URI each : List.of(gateway.address(), management)) {
                HttpResponse<String> metrics = get(each, "/actuator/prometheus");
                assertThat(metrics.statusCode()).as("%s", each).isEqualTo(200);
                assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith("text/plain");
                assertThat(metrics.body()).contains("weft_gateway_requests_in_flight");
                assertThat(get(each, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            }
            for (String path : List.of("/actuator", "/actuator/health", "/actuator/info")) {
                assertThat(get(gateway.address(), path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(get(gateway.address(), "/actuator/health/readiness").body())
                    .doesNotContain("workersReady");
        }
    }

    private static HttpResponse<String> get(URI at, String path) throws Exception {
        return Gateways.send(HttpRequest.newBuilder(at.resolve(path)).build());
    }
}
