package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.MovableClock;
import dev.weft.source.object.StoreException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GcsAccountTest {
    @TempDir private Path folder;
    private final MovableClock clock = new MovableClock();
    @AutoClose private GcsFake server;

    @BeforeEach
    void start() throws IOException {
        server = new GcsFake(true);
    }

    @Test
    void oneTokenServesAllStoresOfAKeyUntilItIsAboutToEnd() throws IOException {
        ObjectStores stores = stores(server.key(server.key()));
        ObjectStore store = open(stores, "a");
        store.write("x", "one".getBytes(StandardCharsets.UTF_8));
        assertThat(open(stores, "b").list("", true)).isEmpty();
        assertThat(server.traded()).isEqualTo(1);

        clock.forward(Duration.ofMinutes(54));
        assertThat(store.stat("x")).isPresent();
        assertThat(server.traded()).isEqualTo(1);

        clock.forward(Duration.ofMinutes(1));
        assertThat(store.stat("x")).isPresent();
        assertThat(open(stores, "a").stat("x")).isPresent();
        assertThat(server.traded()).isEqualTo(2);
    }

    @Test
    void theFileOfGooglesOwnVariableIsReadToo() throws IOException {
        Path file = Files.writeString(folder.resolve("key.json"), server.key(server.key()));
        Credentials credentials =
                new Credentials(
                        Map.of(),
                        Map.of(),
                        Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()));
        ObjectStores stores =
                new ObjectStores(
                        server.endpoints(), List.of(), credentials, Duration.ofSeconds(5), clock);

        assertThat(open(stores, "a").list("", true)).isEmpty();
        assertThat(server.traded()).isEqualTo(1);
    }

    @Test
    void whatTheTokensAddressSaysDecidesWhetherItIsTriedAgain() throws IOException {
        ObjectStore denied = open(stores(server.key(GcsFake.newKey())), "a");
        StoreException e = catchThrowableOfType(StoreException.class, () -> denied.stat("x"));
        assertThat(e.kind()).isEqualTo(Kind.DENIED);
        assertThat(e).hasMessageContaining("secret 'store'").hasMessageContaining("invalid_grant");

        ObjectStore later = open(stores(server.key(server.key())), "a");
        server.answerTokens(503);
        e = catchThrowableOfType(StoreException.class, () -> later.stat("x"));
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        server.answerTokens(200);
        assertThat(later.stat("x")).isEmpty();
    }

    @Test
    void aKeyThatCantBeUsedIsRefusedByItsFieldAndNeverShown() {
        String key = server.key(server.key());
        assertThatThrownBy(() -> open(stores(key.replace("private_key\"", "other\"")), "a"))
                .hasMessageContaining("secret 'store'")
                .hasMessageContaining("field private_key");
        assertThatThrownBy(() -> open(stores(key.replace("BEGIN PRIVATE", "BEGIN RSA")), "a"))
                .hasMessageContaining("PKCS #8")
                .hasNoCause()
                .satisfies(e -> assertThat(e.toString()).doesNotContain(server.secret()));
        assertThatThrownBy(() -> open(stores(key.replace("http://127", "file://127")), "a"))
                .hasMessageContaining("token_uri");
        assertThatThrownBy(() -> open(stores(key.substring(0, 200)), "a"))
                .hasMessageContaining("is not JSON");
    }

    private ObjectStores stores(String key) {
        return new ObjectStores(
                server.endpoints(),
                List.of(),
                StoreServer.credentials("gcs", key),
                Duration.ofSeconds(5),
                clock);
    }

    private static ObjectStore open(ObjectStores stores, String prefix) throws IOException {
        return stores.open(ObjectAddress.parse("gs://models/" + prefix).orElseThrow());
    }
}
