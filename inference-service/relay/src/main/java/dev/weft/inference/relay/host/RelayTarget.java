package dev.weft.inference.relay.host;

import java.util.HashMap;
import java.util.Map;

/**
 * How a request names a model to the server.
 *
 * @param model value of its field {@code model}
 * @param fields other fields that the request needs
 */
public record RelayTarget(String model, Map<String, Object> fields) {
    public RelayTarget {
        fields = Map.copyOf(fields);
    }

    /** Returns this target with a chat template. */
    public RelayTarget withTemplate(String template) {
        Map<String, Object> more = new HashMap<>(fields);
        more.put("chat_template", template);
        return new RelayTarget(model, more);
    }
}
