package dev.weft.inference.server.relay;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.server.settings.RelaySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the server beside the worker listens.
 *
 * @param key that it asks for; null for none
 */
public record ServerAddress(URI url, @Nullable String key) {
    /** The server's address; a free port on loopback if the worker starts it. */
    public static ServerAddress of(RelaySettings settings) throws IOException {
        URI url = settings.url();
        if (url == null) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                url = URI.create("http://127.0.0.1:" + free.getLocalPort());
            }
        }
        return new ServerAddress(url, settings.apiKey());
    }

    /** Variables by which a server that is started learns its key. */
    public Map<String, String> secrets(Dialect dialect) {
        String variable = dialect.keyVariable();
        if (key == null) {
            return Map.of();
        }
        if (variable.isEmpty()) {
            throw new IllegalStateException(
                    "weft.relay.api-key: "
                            + dialect.engine()
                            + " takes a key on its command line alone, where others see it: leave"
                            + " the key out, since the server listens on loopback");
        }
        return Map.of(variable, key);
    }
}
