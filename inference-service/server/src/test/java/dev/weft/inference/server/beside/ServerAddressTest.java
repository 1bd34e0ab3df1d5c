package dev.weft.inference.server.beside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.server.settings.RelaySettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
    private static ServerAddress of(String command) throws Exception {
        Duration patience = Duration.ofMinutes(1);
        return ServerAddress.of(
                new RelaySettings(
                        null, null, null, null, List.of(command), null, 0, patience, patience),
                Dialect.of("vllm"));
    }

    @Test
    void isWhereTheCommandHasTheServerListen() throws Exception {
        assertThat(of("vllm serve --port 8123").url())
                .isEqualTo(URI.create("http://127.0.0.1:8123"));
        assertThat(of("vllm serve").url().getPort()).isPositive();
    }
}
