package dev.weft.inference.relay.call;

import dev.weft.inference.relay.adapter.RelayName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server's {@code /v1/models} lists.
 *
 * @param bases names that are not Weft's adapters and have no parent
 * @param adapters Weft's, with the folder that each was loaded from; empty if the server doesn't
 *     say
 * @param roots the checkpoint of each base, as far as the server says
 * @param contextLength tokens of prompt and answer together; 0 if the server doesn't say
 */
public record ListedModels(
        List<String> bases,
        Map<RelayName, String> adapters,
        Map<String, String> roots,
        int contextLength) {
    public static final String PATH = "/v1/models";

    public ListedModels {
        bases = List.copyOf(bases);
        adapters = Map.copyOf(adapters);
        roots = Map.copyOf(roots);
    }

    /**
     * Reads an answer.
     *
     * @throws IOException if it is not a list of models
     */
    public static ListedModels read(String json) throws IOException {
        try {
            JsonNode data = JsonMapper.shared().readTree(json).path("data");
            if (!data.isArray()) {
                throw new IOException("/v1/models has no list 'data'");
            }
            List<String> bases = new ArrayList<>();
            Map<RelayName, String> adapters = new HashMap<>();
            Map<String, String> roots = new HashMap<>();
            int length = 0;
            for (JsonNode card : data) {
                String id = card.path("id").asString("");
                String name = id.substring(id.lastIndexOf(':') + 1);
                @Nullable RelayName adapter = RelayName.parse(name).orElse(null);
                if (adapter != null) {
                    adapters.put(adapter, card.path("root").asString(""));
                } else if (card.path("parent").isNull() || card.path("parent").isMissingNode()) {
                    bases.add(id);
                    roots.put(id, card.path("root").asString(""));
                    length = Math.max(length, card.path("max_model_len").asInt(0));
                }
            }
            return new ListedModels(bases, adapters, roots, length);
        } catch (JacksonException e) {
            throw new IOException("/v1/models is not JSON", e);
        }
    }
}
