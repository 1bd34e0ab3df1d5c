package dev.weft.access.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

class ServiceTlsTest {
    @TempDir private static Path folder;
    private static TestAuthority ours;
    private static TestAuthority theirs;
    private static TestAuthority.Issued here;
    private static TestAuthority.Issued elsewhere;

    @BeforeAll
    static void issue() throws Exception {
        ours = new TestAuthority(folder.resolve("ours"));
        theirs = new TestAuthority(folder.resolve("theirs"));
        here = ours.issue("here", "dns:localhost,ip:127.0.0.1");
        elsewhere = ours.issue("elsewhere", "dns:elsewhere.example.com");
    }

    @Test
    void aServerIsBelievedByWhatSignedItAndByItsName() throws Exception {
        ServiceTls client = tls(null, ours.certificate());
        try (Server server = new Server(here)) {
            assertThat(get(client, server)).isEqualTo(200);
            assertThatThrownBy(() -> get(tls(null, theirs.certificate()), server))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThatThrownBy(() -> get(ServiceTls.OFF, server))
                    .isInstanceOf(SSLHandshakeException.class);
        }
        try (Server server = new Server(elsewhere)) {
            assertThatThrownBy(() -> get(client, server))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void whoShowsTheSameCertificateIsBelievedUnderAnyName() throws Exception {
        try (Server server = new Server(elsewhere)) {
            assertThat(get(tls(elsewhere, theirs.certificate()), server)).isEqualTo(200);
        }
    }

    @Test
    void anEndedCertificateIsNotBelievedEvenByItsOwner() throws Exception {
        TestAuthority.Issued ended = ours.issueEnded("ended", "ip:127.0.0.1");
        try (Server server = new Server(ended)) {
            assertThatThrownBy(() -> get(tls(ended, ours.certificate()), server))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void clientsGoOnWithWhatTheBundlesReadAnew() throws Exception {
        ServiceTls client = tls(null, theirs.certificate());
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
        bundles.registerBundle(PemFiles.BUNDLE, files(null, theirs.certificate()).read());
        client.follow(bundles);
        HttpClient kept = client.client().build();
        try (Server server = new Server(here)) {
            assertThatThrownBy(() -> get(kept, server)).isInstanceOf(SSLHandshakeException.class);

            bundles.updateBundle(PemFiles.BUNDLE, files(null, ours.certificate()).read());

            assertThat(get(kept, server)).isEqualTo(200);
        }
        bundles.updateBundle(PemFiles.BUNDLE, files(null, theirs.certificate()).read());
        try (Server server = new Server(here)) {
            assertThatThrownBy(() -> get(kept, server)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void filesThatCanNotBeUsedAreNamed() throws IOException {
        Path nothing = folder.resolve("nothing.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
        Path broken =
                Files.writeString(
                        folder.resolve("broken.pem"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> tls(null, nothing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weft.tls.trust: '" + nothing + "' is not allowed")
                .hasMessageContaining("there is none that can be read");
        for (Path bad : List.of(text, broken)) {
            assertThatThrownBy(() -> tls(null, bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weft.tls.trust: '" + bad + "' is not allowed")
                    .hasMessageContaining("certificates in PEM");
            assertThatThrownBy(() -> tls(new TestAuthority.Issued(bad, here.privateKey()), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weft.tls.certificate: '" + bad + "' is not allowed");
            assertThatThrownBy(() -> tls(new TestAuthority.Issued(here.certificate(), bad), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weft.tls.private-key: '" + bad + "' is not allowed")
                    .hasMessageContaining("a private key in PEM");
        }
        Path other = elsewhere.privateKey();
        assertThatThrownBy(() -> tls(new TestAuthority.Issued(here.certificate(), other), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weft.tls.private-key: '" + other + "' is not allowed")
                .hasMessageContaining("the private key of weft.tls.certificate");
    }

    @Test
    void onlyListenersForServicesAskForCertificatesAndOnlyWhereSomeAreKnown() {
        ServiceTls open = tls(here, null);
        ServiceTls mutual =
                ServiceTls.open(settings(here, ours.certificate(), "gateway.weft.test"));
        assertThat(ServiceTls.OFF.properties(true, true)).isEmpty();
        assertThat(open.properties(true, true))
                .containsEntry("server.ssl.client-auth", "none")
                .containsEntry("management.server.ssl.client-auth", "none");
        assertThat(mutual.properties(true, false))
                .containsEntry("server.ssl.bundle", "weft")
                .containsEntry("server.ssl.client-auth", "none")
                .containsEntry("management.server.ssl.client-auth", "want");
        assertThat(mutual.properties(false, true))
                .containsEntry("server.ssl.client-auth", "want")
                .doesNotContainKey("management.server.ssl.bundle");
    }

    @Test
    void addressesSayWhetherPortsSpeakTls() {
        assertThat(ServiceTls.OFF.address("127.0.0.1", 80)).hasToString("http://127.0.0.1:80");
        assertThat(tls(here, null).address("::1", 443)).hasToString("https://[::1]:443");
        assertThat(tls(null, ours.certificate()).address("h", 80)).hasToString("http://h:80");
    }

    private static ServiceTls tls(TestAuthority.@Nullable Issued own, @Nullable Path trust) {
        return ServiceTls.open(settings(own, trust));
    }

    private static PemFiles files(TestAuthority.@Nullable Issued own, @Nullable Path trust) {
        return new PemFiles(settings(own, trust));
    }

    private static TlsSettings settings(
            TestAuthority.@Nullable Issued own, @Nullable Path trust, String... services) {
        return new TlsSettings(
                own == null ? null : own.certificate(),
                own == null ? null : own.privateKey(),
                trust,
                List.of(services));
    }

    private static int get(ServiceTls tls, Server server) throws Exception {
        try (HttpClient client = tls.client().build()) {
            return get(client, server);
        }
    }

    private static int get(HttpClient client, Server server) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(server.address())
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** The runtime's own server, which shows a certificate. */
    private static final class Server implements AutoCloseable {
        private final HttpsServer server;

        Server(TestAuthority.Issued shows) throws IOException {
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(
                    new HttpsConfigurator(files(shows, null).read().createSslContext()));
            server.createContext(
                    "/",
                    exchange -> {
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                    });
            server.start();
        }

        URI address() {
            return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
