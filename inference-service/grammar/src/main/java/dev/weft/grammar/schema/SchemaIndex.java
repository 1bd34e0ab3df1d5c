package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the parts of a schema that references name. Nothing is fetched. One thread at a time. */
final class SchemaIndex {
    private final Expressions pool;
    private final JsonNode root;
    private final Identifiers schemas;

    /** Identifiers of other objects, too; found when a reference first leads nowhere. */
    private @Nullable Identifiers anything;

    /**
     * An index of a schema.
     *
     * @param pool pays for the work and the memory of all searches
     */
    SchemaIndex(Expressions pool, JsonNode root) throws GrammarException {
        this.pool = pool;
        this.root = root;
        this.schemas = new Identifiers(pool, root, Identifiers.Which.OF_SCHEMAS);
    }

    /** The whole schema. */
    JsonNode root() {
        return root;
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
            others = new Identifiers(pool, root, Identifiers.Which.OF_ANYTHING);
            anything = others;
        }
        return others.find(from, reference);
    }

    /**
     * JSON pointer to an object in the schema; found by a search, for messages. Other nodes may
     * stand in several places.
     */
    String pointer(JsonNode part) {
        Deque<String> way = new ArrayDeque<>();
        return found(root, part, way) ? String.join("", way) : "";
    }

    /**
     * Whether a part is at a node or within. If so, it puts the keys that lead there before a way.
     */
    private boolean found(JsonNode at, JsonNode part, Deque<String> way) {
        pool.budget().spend(1);
        if (isSame(at, part)) {
            return true;
        }
        if (at.isObject()) {
            for (Map.Entry<String, JsonNode> entry : at.properties()) {
                if (found(entry.getValue(), part, way)) {
                    way.addFirst("/" + escaped(entry.getKey()));
                    return true;
                }
            }
            return false;
        }
        int i = 0;
        for (JsonNode item : at) {
            if (found(item, part, way)) {
                way.addFirst("/" + i);
                return true;
            }
            i++;
        }
        return false;
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
