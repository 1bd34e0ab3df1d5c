package dev.weft.deployment;

import dev.weft.protocol.repository.SecretPlace;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code weft.tracing} and {@code weft.log}. */
final class TracingReader {
    private final Values values;

    TracingReader(Values values) {
        this.values = values;
    }

    WeftSettings.Tracing tracing(Map<String, SecretPlace> secrets) {
        return new WeftSettings.Tracing(
                values.find(TracingKeys.OTLP_ENDPOINT, null).orElse(null),
                values.get(TracingKeys.SAMPLE_RATIO),
                values.get(TracingKeys.CONTENT),
                headers(secrets));
    }

    WeftSettings.Log log() {
        return new WeftSettings.Log(
                values.get(TracingKeys.LOG_FORMAT), values.get(TracingKeys.LOG_REQUESTS));
    }

    private Map<String, String> headers(Map<String, SecretPlace> secrets) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (PlaceTypes.Header header : values.get(TracingKeys.HEADERS)) {
            if (!secrets.containsKey(header.secret())) {
                values.fault(
                        TracingKeys.HEADERS,
                        "'"
                                + header.secret()
                                + "' is not allowed: a secret of weft.secrets, which has "
                                + (secrets.isEmpty() ? "none" : secrets.keySet()));
            }
            if (headers.put(header.name(), header.secret()) != null) {
                values.fault(TracingKeys.HEADERS, "'" + header.name() + "' is there twice");
            }
        }
        return headers;
    }
}
