package dev.weft.inference.relay.dialect;

import java.util.Map;

/**
 * A {@code POST} that tells a server of an adapter.
 *
 * @param body becomes JSON
 */
public record AdapterCall(String path, Map<String, Object> body) {
    public AdapterCall {
        body = Map.copyOf(body);
    }
}
