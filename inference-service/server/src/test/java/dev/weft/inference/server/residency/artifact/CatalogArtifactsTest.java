package dev.weft.inference.server.residency.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogArtifactsTest {
    private static final AdapterDigest A = TestArtifacts.digest("a");
    private static final String LIST = "/artifacts/v1/" + A;

    private final Map<String, String> pages = new ConcurrentHashMap<>();

    @TempDir private Path folder;
    private HttpServer server;
    private CatalogArtifacts artifacts;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String page = pages.get(exchange.getRequestURI().getPath());
                    byte[] body = String.valueOf(page).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(page == null ? 404 : 200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        artifacts =
                new CatalogArtifacts(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        null,
                        HttpClient.newBuilder());
    }

    @AfterEach
    void stop() {
        artifacts.close();
        server.stop(0);
    }

    @Test
    void writesTheListedFiles() throws Exception {
        pages.put(LIST, listing(A, "adapter_config.json", 3, sha("abc")));
        pages.put(LIST + "/files/adapter_config.json", "abc");

        artifacts.download(A, folder);

        assertThat(folder.resolve("adapter_config.json")).hasContent("abc");
    }

    @Test
    void refusesOtherBytesThanListed() {
        pages.put(LIST, listing(A, "adapter_config.json", 3, sha("abd")));
        pages.put(LIST + "/files/adapter_config.json", "abc");
        assertThatThrownBy(() -> artifacts.download(A, folder))
                .hasMessageContaining("SHA-256 " + sha("abc"));

        pages.put(LIST, listing(A, "adapter_config.json", 4, sha("abc")));
        assertThatThrownBy(() -> artifacts.download(A, folder)).hasMessageContaining("3 bytes");
    }

    @Test
    void writesNoOtherNames() {
        pages.put(LIST, listing(A, "../evil", 3, sha("abc")));

        assertThatThrownBy(() -> artifacts.download(A, folder)).hasMessageContaining("'../evil'");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhatTheCatalogAnswered() {
        assertThatThrownBy(() -> artifacts.download(A, folder)).hasMessageContaining("404");
        pages.put(LIST, "{");
        assertThatThrownBy(() -> artifacts.download(A, folder)).hasMessageContaining(LIST);
        pages.put(LIST, listing(TestArtifacts.digest("b"), "adapter_config.json", 3, "x"));
        assertThatThrownBy(() -> artifacts.download(A, folder)).hasMessageContaining("describes");
    }

    private static String sha(String text) {
        return HexFormat.of()
                .formatHex(TestArtifacts.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String listing(AdapterDigest digest, String name, int size, String sha) {
        return "{\"digest\":\""
                + digest
                + "\",\"files\":[{\"name\":\""
                + name
                + "\",\"size\":"
                + size
                + ",\"sha256\":\""
                + sha
                + "\"}]}";
    }
}
