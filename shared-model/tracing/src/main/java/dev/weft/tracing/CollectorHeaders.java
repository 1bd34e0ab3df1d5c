package dev.weft.tracing;

import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.Secret;
import dev.weft.settings.secret.SecretException;
import dev.weft.settings.secret.SecretSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers that a collector of traces asks for. Their secrets are read each time, so a secret
 * can be replaced while Weft runs. A secret that can't be read at the start is a fault.
 */
final class CollectorHeaders {
    private final Map<String, String> secrets;
    private final Credentials credentials;

    CollectorHeaders(
            TracingSettings settings, SecretSettings known, Map<String, String> environment) {
        this.secrets = settings.secretsByHeader();
        this.credentials = new Credentials(known.places(), secrets, environment);
        Map<String, String> _ = read();
    }

    /**
     * Reads the headers by name.
     *
     * @throws IllegalStateException if a secret can't be read; names it
     */
    Map<String, String> read() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : secrets.keySet()) {
            headers.put(name, text(name));
        }
        return headers;
    }

    private String text(String header) {
        Secret secret = credentials.at(header).orElseThrow();
        try {
            return secret.text();
        } catch (SecretException e) {
            throw new IllegalStateException("weft.tracing.headers: " + e.getMessage(), e);
        }
    }
}
