package dev.weft.inference.server.text;

import static dev.weft.inference.server.text.ConfiguredTokens.CONTENT;
import static dev.weft.inference.server.text.ConfiguredTokens.SPECIAL;

import dev.weft.inference.server.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The added tokens of tokenizer.json, merged with those of tokenizer_config.json as transformers'
 * {@code AutoTokenizer} merges them. Tokens keep the id that they have in the vocabulary; others
 * follow its end, whatever id the configuration gives. Flags are the configuration's, but a token
 * that tokenizer.json calls special stays so. A token without a row in the model is left out.
 */
final class AddedTokens {
    private static final Logger LOG = LoggerFactory.getLogger(AddedTokens.class);
    private static final String FIELD = "added_tokens";

    private final Path folder;
    private final TokenizerFile file;
    private final int rows;
    private final Map<String, ObjectNode> tokens = new LinkedHashMap<>();
    private @Nullable Map<String, Integer> ids;
    private boolean changed;

    private AddedTokens(Path folder, TokenizerFile file, int rows) {
        this.folder = folder;
        this.file = file;
        this.rows = rows;
        for (JsonNode token : file.addedTokens()) {
            tokens.put(token.path(CONTENT).stringValue(), (ObjectNode) token.deepCopy());
        }
    }

    /**
     * Merges the tokens.
     *
     * @param file what {@code json} says
     * @return tokenizer.json with the tokens of both; empty if the configuration changes nothing
     * @throws IOException if the configuration can't be read, or the tokens can't be merged
     */
    static Optional<String> merge(Path folder, TokenizerFile file, String json) throws IOException {
        ConfiguredTokens configured = ConfiguredTokens.read(folder);
        AddedTokens added = new AddedTokens(folder, file, rows(folder));
        added.merge(configured);
        return added.changed ? Optional.of(added.over(json)) : Optional.empty();
    }

    private static int rows(Path folder) throws IOException {
        JsonNode config = JsonFile.read(folder.resolve("config.json"));
        int rows = config.path("vocab_size").asInt(0);
        int ofText = config.path("text_config").path("vocab_size").asInt(0);
        return rows > 0 ? rows : ofText > 0 ? ofText : Integer.MAX_VALUE;
    }

    private void merge(ConfiguredTokens configured) throws IOException {
        Set<String> listed = new HashSet<>();
        for (ObjectNode token : configured.listed()) {
            if (!configured.decoder() && file.added().containsValue(token.path("id").asInt())) {
                continue; // tokenizer.json wins over added_tokens.json
            }
            listed.add(content(token));
            ObjectNode own = tokens.get(content(token));
            if (own == null) {
                add(token);
            } else {
                change(own, token);
            }
        }
        for (ObjectNode token : configured.named()) {
            ObjectNode own = tokens.get(content(token));
            if (own == null) {
                add(token);
            } else if (!configured.decoder() || listed.contains(content(token))) {
                change(own, own.deepCopy().put(SPECIAL, true));
            }
        }
        for (ObjectNode token : configured.extra()) {
            if (!tokens.containsKey(content(token))) {
                add(token);
            }
        }
    }

    private static String content(JsonNode token) {
        return token.path(CONTENT).stringValue();
    }

    private void change(ObjectNode own, ObjectNode wanted) {
        boolean special =
                own.path(SPECIAL).booleanValue(false) || wanted.path(SPECIAL).booleanValue(false);
        ObjectNode flags = wanted.deepCopy().put(SPECIAL, special);
        if (!ConfiguredTokens.alike(own, flags)) {
            flags.set("id", own.path("id"));
            own.setAll(flags);
            changed = true;
        }
    }

    private void add(ObjectNode token) throws IOException {
        String content = content(token);
        if (content.isEmpty()) {
            return;
        }
        Integer known = known(content);
        int id = known == null ? next() : known;
        if (id >= rows) {
            LOG.warn(
                    "{}: the token '{}' of tokenizer_config.json would be {}, but the model has"
                            + " rows for {} (vocab_size of config.json); it stays text",
                    folder,
                    content,
                    id,
                    rows);
            return;
        }
        if (known == null && id < file.tokens().size() && file.tokens().get(id) != null) {
            throw new IOException(
                    "the token '%s' would be %d, which is '%s'"
                            .formatted(content, id, file.tokens().get(id)));
        }
        if (token.path("id").asInt(id) != id) {
            LOG.warn(
                    "{}: the token '{}', {} in tokenizer_config.json, is {}, the first one that"
                            + " tokenizer.json leaves free",
                    folder,
                    content,
                    token.path("id"),
                    id);
        }
        tokens.put(content, token.deepCopy().put("id", id));
        changed = true;
    }

    /** The id that the library gives to a token that is new to it. */
    private int next() {
        int last = tokens.values().stream().mapToInt(t -> t.path("id").asInt()).max().orElse(-1);
        return Math.max(last + 1, file.vocabulary());
    }

    /** The id of a token of the vocabulary; null if it isn't there. */
    private @Nullable Integer known(String content) {
        Map<String, Integer> known = ids;
        if (known == null) {
            known = new HashMap<>();
            List<@Nullable String> all = file.tokens();
            for (int id = 0; id < all.size(); id++) {
                String text = all.get(id);
                if (text != null) {
                    known.put(text, id);
                }
            }
            ids = known;
        }
        return known.get(content);
    }

    private String over(String json) {
        ArrayNode merged = JsonMapper.shared().createArrayNode().addAll(tokens.values());
        return TokenizerFile.with(json, FIELD, merged);
    }
}
