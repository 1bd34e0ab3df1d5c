package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests catalog, worker and gateway as separate processes, which know each other by tokens. */
@Timeout(600)
class FleetTokensTest {
    private static final Path FILE = Sample.deploymentFile();
    private static final String CHOSEN = "weft_" + "k".repeat(43);

    @TempDir private Path folder;
    private URI catalog = URI.create("http://127.0.0.1");

    /** The worker's is one that the catalog made, the gateway's one that was chosen before. */
    @Test
    void workerAndGatewayServeWithATokenForServicesAndNotWithoutOne() throws Exception {
        try (Launched first =
                Launched.run(
                        "catalog",
                        FILE,
                        folder.resolve("catalog"),
                        Map.of("FLEET_TOKEN", CHOSEN),
                        "weft.secrets.fleet.env=FLEET_TOKEN",
                        "weft.catalog.service-token=fleet")) {
            catalog = first.awaitReady();
            Admin admin = new Admin(catalog);
            String root = admin.createToken(null, "root", "admin", null);
            String service = admin.createToken(root, "fleet", "service", null);
            String app = admin.createToken(root, "app", "client", "default");

            try (Launched worker = launch("worker", token(service));
                    Launched stranger = launch("gateway", Map.of())) {
                URI address = worker.awaitReady();
                try (Launched gateway = launch("gateway", token(CHOSEN), workers(address))) {
                    URI served = gateway.awaitReady();
                    Http.await("sql is served", () -> ask(served, app) == 200);
                    assertThat(ask(served, null)).isEqualTo(401);
                    assertThat(ask(served, service)).isEqualTo(401);
                    assertThat(ask(served, CHOSEN)).isEqualTo(401);
                }
                Http.await("the worker's report came in", () -> residency(root).contains("held"));
                Http.await(
                        "a gateway without a token says what it lacks",
                        () -> stranger.log().contains("WEFT_TOKEN"));
            }
        }
    }

    private Launched launch(String service, Map<String, String> environment, String... settings)
            throws IOException {
        String name = service + environment.size();
        String[] all =
                Stream.concat(
                                Stream.of("weft.catalog.url=" + catalog, "weft.access.keys=true"),
                                Stream.of(settings))
                        .toArray(String[]::new);
        return Launched.runPlain(service, FILE, folder.resolve(name), environment, all);
    }

    private static String workers(URI worker) {
        return "weft.gateway.workers=" + worker;
    }

    private static Map<String, String> token(String secret) {
        return Map.of("WEFT_TOKEN", secret);
    }

    private String residency(String token) throws Exception {
        return Http.send(
                        HttpRequest.newBuilder(catalog.resolve("/admin/v1/residency?adapter=sql"))
                                .header("Authorization", "Bearer " + token))
                .body();
    }

    private static int ask(URI gateway, @Nullable String key) throws Exception {
        return Http.chat(gateway, key, "sql").statusCode();
    }
}
