package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests catalog, worker and gateway as separate processes, which know each other by tokens. */
@Timeout(300)
class FleetTokensTest {
    private static final Path FILE = Sample.deploymentFile();

    @TempDir private Path folder;
    private URI catalog = URI.create("http://127.0.0.1");

    @Test
    void workerAndGatewayServeWithATokenForServicesAndNotWithoutOne() throws Exception {
        try (Launched first = Launched.run("catalog", FILE, folder("catalog"), Map.of())) {
            catalog = first.awaitReady();
            String root = create(Map.of(), "root", "--role", "admin");
            String service = create(token(root), "fleet", "--role", "service");
            String app = create(token(root), "app", "--role", "client", "--tenant", "default");

            try (Launched worker = launch("worker", token(service));
                    Launched stranger = launch("gateway", Map.of())) {
                URI address = worker.awaitReady();
                try (Launched gateway = launch("gateway", token(service), workers(address))) {
                    URI served = gateway.awaitReady();
                    Http.await("sql is served", () -> ask(served, app) == 200);
                    assertThat(ask(served, null)).isEqualTo(401);
                    assertThat(ask(served, service)).isEqualTo(401);
                }
                Http.await(
                        "the worker's report came in",
                        () ->
                                weft(token(root), "adapters", "workers", "residency", "sql")
                                        .output()
                                        .contains("sql@1"));
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
        return Launched.run(service, FILE, folder(name), environment, all);
    }

    private static String workers(URI worker) {
        return "weft.gateway.workers=" + worker;
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static Map<String, String> token(String secret) {
        return Map.of("WEFT_TOKEN", secret);
    }

    private String create(Map<String, String> by, String... arguments) throws Exception {
        String[] command =
                Stream.concat(Stream.of("tokens", "create"), Stream.of(arguments))
                        .toArray(String[]::new);
        String secret = weft(by, command).output().strip();
        assertThat(secret).startsWith("weft_");
        return secret;
    }

    private Program.Finished weft(Map<String, String> environment, String... command)
            throws Exception {
        String[] all =
                Stream.concat(Stream.of(command), Stream.of("--catalog", catalog.toString()))
                        .toArray(String[]::new);
        return Launched.command(environment, all);
    }

    private static int ask(URI gateway, @Nullable String key) throws Exception {
        return Http.chat(gateway, key, "sql").statusCode();
    }
}
