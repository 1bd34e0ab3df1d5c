package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The types that parts of a schema name, themselves or by reference. One thread at a time. */
public final class NamedTypes {
    private static final int MOST_PARTS = 1_000;
    private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");

    private final JsonNode root;
    private @Nullable SchemaIndex index;

    /** Types of parts of a schema that no grammar is made of. */
    public NamedTypes(JsonNode root) {
        this.root = root;
    }

    /** Types of parts of a schema whose parts are known already. */
    NamedTypes(JsonNode root, SchemaIndex index) {
        this.root = root;
        this.index = index;
    }

    /**
     * The types that a part names; none if it says nothing of them.
     *
     * @throws GrammarException if the part refers to others, and the schema is too large to find
     *     them
     */
    public Set<String> of(JsonNode part) throws GrammarException {
        Set<String> types = new HashSet<>();
        collect(part, types, Collections.newSetFromMap(new IdentityHashMap<>()));
        return types;
    }

    /** Looks at each part once: references may lead in circles, and to one part from many. */
    private void collect(JsonNode schema, Set<String> types, Set<JsonNode> seen)
            throws GrammarException {
        if (seen.size() >= MOST_PARTS || !seen.add(schema)) {
            return;
        }
        JsonNode type = schema.path("type");
        if (type.isString()) {
            types.add(type.stringValue());
            return;
        }
        if (type.isArray()) {
            type.forEach(one -> types.add(one.asString("")));
            return;
        }
        if (schema.has("const")) {
            types.add(typeOf(schema.path("const")));
        }
        schema.path("enum").forEach(one -> types.add(typeOf(one)));
        for (String keyword : REFERENCES) {
            JsonNode target = target(schema, schema.path(keyword).asString(""));
            if (target != null) {
                collect(target, types, seen);
            }
        }
        for (String branches : List.of("allOf", "anyOf", "oneOf")) {
            for (JsonNode branch : schema.path(branches)) {
                collect(branch, types, seen);
            }
        }
    }

    private @Nullable JsonNode target(JsonNode schema, String reference) throws GrammarException {
        if (reference.isEmpty()) {
            return null;
        }
        SchemaIndex known = index;
        if (known == null) {
            known = new SchemaIndex(Expressions.unbounded(), root);
            index = known;
        }
        return known.find(schema, reference);
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case OBJECT -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            default -> "null";
        };
    }
}
