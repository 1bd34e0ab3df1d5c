package dev.weft.grammar.reply;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether an argument's text is a string as it stands, or JSON. */
enum ValueKind {
    /** A string as it stands. */
    STRING,
    /** JSON that is no string. */
    JSON,
    /**
     * Null, a truth value or a number if it looks like one that its schema allows, else a string.
     */
    EITHER;

    private static final int MOST_STEPS = 16;

    /**
     * The kind of one of a tool's arguments, by what its schema says of types. An argument of which
     * nothing is said is a string.
     */
    static ValueKind of(JsonNode root, JsonNode schema) {
        Set<String> types = types(root, schema);
        if (types.isEmpty() || (types.size() == 1 && types.contains("string"))) {
            return STRING;
        }
        return types.contains("string") ? EITHER : JSON;
    }

    /** The types that a schema names; none if it says nothing of them. */
    static Set<String> types(JsonNode root, JsonNode schema) {
        return types(root, schema, MOST_STEPS);
    }

    private static Set<String> types(JsonNode root, JsonNode schema, int steps) {
        Set<String> types = new HashSet<>();
        if (steps == 0) {
            return types;
        }
        JsonNode type = schema.path("type");
        if (type.isString()) {
            types.add(type.stringValue());
        }
        type.forEach(one -> types.add(one.asString("")));
        if (!types.isEmpty()) {
            return types;
        }
        if (schema.has("const")) {
            types.add(typeOf(schema.path("const")));
        }
        schema.path("enum").forEach(one -> types.add(typeOf(one)));
        String reference = schema.path("$ref").asString("");
        if (reference.startsWith("#/")) {
            types.addAll(types(root, root.at(reference.substring(1)), steps - 1));
        }
        for (String branches : new String[] {"anyOf", "oneOf"}) {
            for (JsonNode branch : schema.path(branches)) {
                types.addAll(types(root, branch, steps - 1));
            }
        }
        return types;
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
