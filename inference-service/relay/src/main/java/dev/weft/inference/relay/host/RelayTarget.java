package dev.weft.inference.relay.host;

import java.util.Map;

/**
 * How a request names a model to the server.
 *
 * @param model value of its field {@code model}
 * @param fields that it has besides
 */
public record RelayTarget(String model, Map<String, Object> fields) {
    public RelayTarget {
        fields = Map.copyOf(fields);
    }
}
