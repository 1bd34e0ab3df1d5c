package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.settings.secret.Credentials;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AzureFetchTest extends StoreFetchTest {
    private static @Nullable Azurite server;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Azurite.isInstalled(), "missing: npm's azurite, which ./weft test installs");
        server = new Azurite();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Without a secret OpenDAL would ask the machine's metadata service. */
    @Test
    void refusesAContainerWithoutASecretBeforeAnythingIsAsked() {
        Credentials none = new Credentials(Map.of(), Map.of(), Map.of());
        ObjectStores stores =
                new ObjectStores(
                        server().endpoints(),
                        List.of(),
                        none,
                        Duration.ofSeconds(5),
                        Clock.systemUTC());

        assertThatThrownBy(() -> stores.open(ObjectAddress.parse("az://models/x").orElseThrow()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("weft.sources.credentials");
    }

    @Override
    StoreServer server() {
        return Objects.requireNonNull(server);
    }
}
