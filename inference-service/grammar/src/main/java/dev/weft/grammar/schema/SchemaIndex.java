package dev.weft.grammar.schema;

import dev.weft.grammar.limit.GrammarException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the parts of a schema that references name. Nothing is fetched. One thread at a time. */
final class SchemaIndex {
    private final JsonNode root;
    private final Identifiers schemas;

    /** Identifiers of other objects, too; found when a reference first leads nowhere. */
    private @Nullable Identifiers anything;

    SchemaIndex(JsonNode root) throws GrammarException {
        this.root = root;
        this.schemas = new Identifiers(root, Identifiers.Which.OF_SCHEMAS);
    }

    /** Number of schemas whose {@code $recursiveAnchor} is true. */
    int recursiveAnchors() {
        return schemas.recursiveAnchors();
    }

    /** How many places a dynamic reference may lead to. */
    int dynamicTargets(String name) {
        return schemas.dynamicTargets(name);
    }

    /**
     * What a reference in a schema leads to; null if it is not in this document. Identifiers of
     * parts that are not schemas by their place count only for references that else lead nowhere.
     *
     * @throws GrammarException if the identifiers of the schema are too long, each or together
     */
    @Nullable JsonNode find(JsonNode from, String reference) throws GrammarException {
        JsonNode found = schemas.find(from, reference);
        if (found != null) {
            return found;
        }
        Identifiers others = anything;
        if (others == null) {
            others = new Identifiers(root, Identifiers.Which.OF_ANYTHING);
            anything = others;
        }
        return others.find(from, reference);
    }

    /**
     * JSON pointer to an object in the schema; found by a search, for messages. Other nodes may
     * stand in several places.
     */
    String pointer(JsonNode part) {
        String found = pointer(root, part, "");
        return found == null ? "" : found;
    }

    private static @Nullable String pointer(JsonNode at, JsonNode part, String path) {
        if (isSame(at, part)) {
            return path;
        }
        if (at.isObject()) {
            for (Map.Entry<String, JsonNode> entry : at.properties()) {
                String found =
                        pointer(entry.getValue(), part, path + "/" + escaped(entry.getKey()));
                if (found != null) {
                    return found;
                }
            }
        } else {
            int i = 0;
            for (JsonNode item : at) {
                String found = pointer(item, part, path + "/" + i++);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** A key as a pointer has it. */
    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    @SuppressWarnings("ReferenceEquality") // this very part, not one like it
    private static boolean isSame(JsonNode a, JsonNode b) {
        return a == b;
    }
}
