package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TestAuthority;
import dev.weft.access.tls.TlsSettings;
import dev.weft.system.fleet.Commands;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests services that speak TLS, and know each other by certificates. */
@Timeout(600)
class TlsTest {
    private static final Path FILE = Sample.deploymentFile();
    private static final String HERE = "dns:localhost,ip:127.0.0.1,dns:";

    @TempDir private static Path folder;
    private static TestAuthority authority;

    @BeforeAll
    static void found() throws Exception {
        authority = new TestAuthority(folder.resolve("authority"));
    }

    @Test
    void aFleetNeedsNoTokenOfItsOwnWhereCertificatesSayWhoIsAService() throws Exception {
        TestAuthority.Issued stranger = issue("stranger.example.com");
        try (Launched first = launch("catalog", "weft.access.keys=true")) {
            URI catalog = first.awaitReady();
            assertThat(catalog.getScheme()).isEqualTo("https");
            Commands commands =
                    new Commands(catalog, Map.of("WEFT_TRUST", authority.certificate().toString()));
            Commands root = commands.with(commands.createToken("root", "--role", "admin"));
            String app = root.createToken("app", "--role", "client", "--tenant", "default");

            try (Launched second = launch("worker", at(catalog), "weft.access.keys=true")) {
                URI worker = second.awaitReady();
                try (Launched third =
                        launch(
                                "gateway",
                                at(catalog),
                                "weft.access.keys=true",
                                "weft.gateway.workers=" + worker)) {
                    URI gateway = third.awaitReady();
                    HttpClient anybody = client(null);
                    Http.await("sql is served", () -> ask(anybody, gateway, app) == 200);
                    assertThat(ask(anybody, gateway, null)).isEqualTo(401);
                    assertThat(ask(anybody, worker, null)).isEqualTo(401);
                    assertThat(ask(client(stranger), worker, null)).isEqualTo(401);
                    assertThat(ask(client(issue("other.weft.test")), worker, null)).isEqualTo(200);
                    assertThat(events(client(stranger), catalog)).isEqualTo(401);
                    assertThat(ask(client(stranger), gateway, null)).isEqualTo(401);
                    assertThatThrownBy(() -> plain(worker)).isInstanceOf(IOException.class);

                    renew("gateway");
                    renew("worker");
                    Http.await("both show what is new", () -> fresh(gateway) && fresh(worker));
                    assertThat(ask(anybody, gateway, app)).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void allServicesOfOneProcessReachEachOtherWhateverTheCertificateIsFor() throws Exception {
        TestAuthority.Issued public_ = authority.issue("weft.example.com", "dns:weft.example.com");
        try (Launched fleet =
                Launched.serve(
                        FILE,
                        folder.resolve("fleet"),
                        Map.of(),
                        "weft.tls.certificate=" + public_.certificate(),
                        "weft.tls.private-key=" + public_.privateKey())) {
            URI gateway = fleet.awaitReady();
            assertThat(gateway.getScheme()).isEqualTo("https");
            assertThat(ask(client(public_), gateway, null)).isEqualTo(200);
            assertThatThrownBy(() -> ask(client(null), gateway, null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void filesThatAreNotThereAreAllNamed() throws Exception {
        Program.Finished refused =
                Launched.command(
                        Map.of(),
                        "serve",
                        FILE.toString(),
                        "--set",
                        "weft.tls.certificate=/nowhere/tls.crt",
                        "--set",
                        "weft.tls.private-key=/nowhere/tls.key",
                        "--data",
                        folder.resolve("refused").toString());
        assertThat(refused.output())
                .contains("weft.tls.certificate: '/nowhere/tls.crt' is not allowed")
                .contains("weft.tls.private-key: '/nowhere/tls.key' is not allowed");
        assertThat(refused.exit()).isEqualTo(2);
    }

    private static TestAuthority.Issued issue(String name) throws Exception {
        return authority.issue(name, HERE + name);
    }

    private Launched launch(String service, String... settings) throws Exception {
        TestAuthority.Issued own = issue(service + ".weft.test");
        return Launched.runPlain(
                service,
                FILE,
                folder.resolve(service),
                Map.of(),
                Stream.concat(
                                Stream.of(
                                        "weft.tls.certificate=" + own.certificate(),
                                        "weft.tls.private-key=" + own.privateKey(),
                                        "weft.tls.trust=" + authority.certificate(),
                                        "weft.tls.services='*.weft.test'"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static void renew(String service) throws Exception {
        String name = service + ".weft.test";
        TestAuthority.Issued next =
                authority.issue("next." + name, HERE + name + ",dns:fresh.weft.test");
        next.replace(
                new TestAuthority.Issued(
                        authority.certificate().resolveSibling(name + ".crt"),
                        authority.certificate().resolveSibling(name + ".key")));
    }

    private static String at(URI catalog) {
        return "weft.catalog.url=" + catalog;
    }

    private static HttpClient client(TestAuthority.@Nullable Issued own) {
        return ServiceTls.open(
                        new TlsSettings(
                                own == null ? null : own.certificate(),
                                own == null ? null : own.privateKey(),
                                authority.certificate(),
                                List.of()))
                .client()
                .build();
    }

    private static boolean fresh(URI service) throws Exception {
        try (HttpClient one = client(null)) {
            HttpResponse<String> answer =
                    one.send(
                            request(service.resolve("/actuator/health/readiness")).build(),
                            HttpResponse.BodyHandlers.ofString());
            X509Certificate shown =
                    (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
            return String.valueOf(shown.getSubjectAlternativeNames()).contains("fresh.weft.test");
        }
    }

    private static int ask(HttpClient client, URI server, @Nullable String key) throws Exception {
        HttpRequest.Builder request =
                request(server.resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"weft-tiny\",\"max_tokens\":2,\"prompt\":\"all\"}"));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static int events(HttpClient client, URI catalog) throws Exception {
        return client.send(
                        request(catalog.resolve("/feed/v1/events")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static int plain(URI server) throws Exception {
        return Http.get(URI.create("http://127.0.0.1:" + server.getPort() + "/v1/models"))
                .statusCode();
    }

    private static HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(2));
    }
}
