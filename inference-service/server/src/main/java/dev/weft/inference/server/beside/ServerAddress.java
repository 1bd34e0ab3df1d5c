package dev.weft.inference.server.beside;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.process.ServerCommand;
import dev.weft.inference.server.settings.RelaySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where the server beside the worker listens.
 *
 * @param key that it asks for; null for none
 */
public record ServerAddress(URI url, @Nullable String key) {
    private static final int KEY_BYTES = 32;

    /**
     * The server's address. A server that the worker starts listens on loopback, at the port that
     * its command names or at a free one. If the settings have no key, it gets a random one,
     * provided that it can be told a key in secret.
     */
    public static ServerAddress of(RelaySettings settings, Dialect dialect) throws IOException {
        URI url = settings.url();
        if (url != null) {
            return new ServerAddress(url, settings.apiKey());
        }
        String key = settings.apiKey();
        if (key == null && !dialect.keyVariable().isEmpty()) {
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            key = HexFormat.of().formatHex(random);
        }
        OptionalInt port = ServerCommand.port(settings.words());
        if (port.isPresent()) {
            return new ServerAddress(loopback(port.getAsInt()), key);
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new ServerAddress(loopback(free.getLocalPort()), key);
        }
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The environment variables that tell a started server its key. */
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
