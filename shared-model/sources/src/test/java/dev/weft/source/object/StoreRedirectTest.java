package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.SecretPlace;
import dev.weft.source.object.StoreException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the addresses that an endpoint of an object store may not redirect to. */
@Timeout(60)
class StoreRedirectTest {
    private final List<String> followed = new CopyOnWriteArrayList<>();
    private HttpServer elsewhere;
    private HttpServer store;
    private String location = "";

    @BeforeEach
    void start() throws IOException {
        elsewhere = server();
        elsewhere.createContext(
                "/",
                exchange -> {
                    followed.add(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().entrySet());
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        store = server();
        store.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("Location", location);
                    exchange.sendResponseHeaders(307, -1);
                    exchange.close();
                });
        elsewhere.start();
        store.start();
    }

    @AfterEach
    void stop() {
        store.stop(0);
        elsewhere.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://models/x", "gs://models/x", "az://models/x"})
    void redirectsToPrivateAddressesAreRefused(String address) throws IOException {
        ObjectStore open = open(address);

        int port = elsewhere.getAddress().getPort();
        location = "http://127.0.0.1:" + port + "/there";
        assertRefused(open, "host '127.0.0.1' (port " + port + "): redirects without TLS");
        location = "http://169.254.169.254/latest/meta-data";
        assertRefused(open, "host '169.254.169.254' (port 80): redirects without TLS");
        location = "https://169.254.169.254/latest/meta-data";
        assertRefused(open, "host '169.254.169.254' is at 169.254.169.254");
        location = "https://localhost:" + port + "/there";
        assertRefused(open, "host 'localhost' is at ");
        assertThat(followed).isEmpty();
    }

    private static void assertRefused(ObjectStore store, String why) {
        assertThatThrownBy(() -> store.stat("file"))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThatThrownBy(() -> store.list("", false)).hasMessageContaining(why);
        assertThatThrownBy(() -> store.await(store.read("file", 0, 8), 8))
                .hasMessageContaining(why);
    }

    @Test
    void saysWhichHostDoesNotAnswer() throws IOException {
        URI nobody = URI.create("https://127.0.0.1:" + store.getAddress().getPort());
        store.stop(0);

        assertThatThrownBy(() -> open("s3://models/x", nobody).stat("file"))
                .hasMessageContaining("): no connection: ")
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    private ObjectStore open(String address) throws IOException {
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        return open(address, endpoint);
    }

    private static ObjectStore open(String address, URI endpoint) throws IOException {
        Credentials credentials =
                new Credentials(
                        Map.of(
                                "s3", new SecretPlace.Given("key-id:hush-secret"),
                                "gcs", new SecretPlace.Given("hush-token"),
                                "azure", new SecretPlace.Given("aHVzaA==")),
                        Map.of("s3", "s3", "gcs", "gcs", "azure", "azure"),
                        Map.of());
        ObjectStores stores =
                new ObjectStores(
                        new StoreEndpoints(endpoint, null, endpoint, endpoint, "account"),
                        List.of(),
                        credentials,
                        Duration.ofSeconds(5),
                        Clock.systemUTC());
        return stores.open(ObjectAddress.parse(address).orElseThrow());
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }
}
