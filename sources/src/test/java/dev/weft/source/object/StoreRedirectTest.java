package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.model.repository.ObjectAddress;
import dev.weft.model.repository.SecretPlace;
import dev.weft.source.secret.Credentials;
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

/**
 * OpenDAL follows redirects and has no switch for it, which is why endpoints of object stores have
 * to be the operator's. What it sends on is held here.
 */
@Timeout(60)
class StoreRedirectTest {
    private final List<String> followed = new CopyOnWriteArrayList<>();
    private HttpServer elsewhere;
    private HttpServer store;

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
                    String there =
                            "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/there";
                    exchange.getResponseHeaders().set("Location", there);
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

    @Test
    void aRedirectToAnotherPlaceTakesNoSecretAndNoSignatureAlong() throws IOException {
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
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
                        credentials,
                        Duration.ofSeconds(5),
                        Clock.systemUTC());
        for (String address : List.of("s3://models/x", "gs://models/x", "az://models/x")) {
            ObjectStore open = stores.open(ObjectAddress.parse(address).orElseThrow());
            assertThat(open.stat("file")).isEmpty();
        }

        assertThat(followed)
                .hasSize(3)
                .allMatch(request -> request.startsWith("/there "))
                .noneMatch(request ->
                        request.contains("Authorization")
                                || request.contains("hush")
                                || request.contains("key-id")
                                || request.contains("Signature"));
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }
}
