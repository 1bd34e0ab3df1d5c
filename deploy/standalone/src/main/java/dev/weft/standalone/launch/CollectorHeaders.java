package dev.weft.standalone.launch;

import dev.weft.deployment.WeftSettings;
import dev.weft.source.secret.Credentials;
import dev.weft.source.secret.Secret;
import dev.weft.source.secret.SecretException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers that a collector of traces asks for. Their secrets are read each time, so a secret
 * can be replaced while Weft runs. A secret that can't be read at the start is a fault.
 */
final class CollectorHeaders {
    private final Map<String, String> secrets;
    private final Credentials credentials;

    CollectorHeaders(WeftSettings weft, Map<String, String> environment) {
        this.secrets = weft.tracing().secretsByHeader();
        this.credentials = new Credentials(weft.secretPlaces(), secrets, environment);
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
