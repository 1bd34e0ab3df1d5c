package dev.weft.grammar.reply.format;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether an argument's text is a string as it stands, or JSON. */
public enum ValueKind {
    /** A string as it stands. */
    STRING,
    /** JSON that is no string. */
    JSON,
    /**
     * Null, a truth value or a number if it looks like one that its schema allows, else a string.
     */
    EITHER;

    private static final int MOST_PARTS = 1_000;

    /**
     * The kind of one of a tool's arguments, by what its schema says of types. An argument of which
     * nothing is said is a string.
     */
    public static ValueKind of(JsonNode root, JsonNode schema) {
        Set<String> types = types(root, schema);
        if (types.isEmpty() || (types.size() == 1 && types.contains("string"))) {
            return STRING;
        }
        return types.contains("string") ? EITHER : JSON;
    }

    /** The types that a schema names; none if it says nothing of them. */
    public static Set<String> types(JsonNode root, JsonNode schema) {
        Set<String> types = new HashSet<>();
        collect(root, schema, types, Collections.newSetFromMap(new IdentityHashMap<>()));
        return types;
    }

    /** Looks at each part once: references may lead in circles, and to one part from many. */
    private static void collect(
            JsonNode root, JsonNode schema, Set<String> types, Set<JsonNode> seen) {
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
        String reference = schema.path("$ref").asString("");
        if (reference.equals("#") || reference.startsWith("#/")) {
            collect(root, root.at(reference.substring(1)), types, seen);
        }
        for (String branches : new String[] {"allOf", "anyOf", "oneOf"}) {
            for (JsonNode branch : schema.path(branches)) {
                collect(root, branch, types, seen);
            }
        }
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
