package dev.weft.inference.server.constraint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The part of JSON Schema that OpenAI's API takes with {@code "strict": true} (its guide to
 * structured outputs, August 2026), and its words for what it refuses.
 */
public final class StrictSchema {
    private static final int MOST_PROPERTIES = 5_000;
    private static final int DEEPEST = 10;
    private static final int MOST_CHARACTERS = 120_000;
    private static final int MOST_ENUM_VALUES = 1_000;

    /** If an enum has more values than this, their characters are limited. */
    private static final int MANY_ENUM_VALUES = 250;

    private static final int MOST_CHARACTERS_OF_MANY = 15_000;
    private static final int LONGEST_MESSAGE = 600;

    private static final List<String> REFUSED =
            List.of(
                    "allOf",
                    "oneOf",
                    "not",
                    "dependentRequired",
                    "dependentSchemas",
                    "dependencies",
                    "if",
                    "then",
                    "else",
                    "patternProperties",
                    "propertyNames",
                    "minProperties",
                    "maxProperties",
                    "unevaluatedProperties",
                    "contains",
                    "minContains",
                    "maxContains",
                    "uniqueItems",
                    "unevaluatedItems");

    private static final List<String> NOT_AT_THE_ROOT =
            List.of("anyOf", "oneOf", "allOf", "enum", "not");

    /** Keywords that say what a value is without {@code type}. */
    private static final List<String> INSTEAD_OF_TYPE = List.of("$ref", "anyOf", "enum", "const");

    private static final List<String> MAPS = List.of("properties", "$defs", "definitions");

    private int properties;
    private int characters;
    private int enumValues;

    private StrictSchema() {}

    /** Stops at the first fault. */
    private static final class Fault extends RuntimeException {
        Fault(String message) {
            super(message, null, false, false);
        }
    }

    /** Says what is wrong with a schema, without the schema's name; empty if nothing is. */
    public static Optional<String> fault(JsonNode schema) {
        StrictSchema check = new StrictSchema();
        try {
            check.root(schema);
            return Optional.empty();
        } catch (Fault e) {
            return Optional.of(shortened(String.valueOf(e.getMessage())));
        }
    }

    /** A message that holds names of a schema, cut if they are long. */
    static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE) + "...";
    }

    private void root(JsonNode schema) {
        for (String keyword : NOT_AT_THE_ROOT) {
            if (schema.has(keyword)) {
                throw new Fault(
                        "schema must have type 'object' and not have"
                                + " 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.");
            }
        }
        JsonNode type = schema.path("type");
        if (!type.isString() || !type.stringValue().equals("object")) {
            throw new Fault(
                    "schema must be a JSON Schema of 'type: \"object\"', got 'type: "
                            + (type.isMissingNode() ? "\"None\"" : type.toString())
                            + "'.");
        }
        schema(schema, List.of(), 1);
        atMost("properties", properties, MOST_PROPERTIES);
        atMost("enum values", enumValues, MOST_ENUM_VALUES);
        atMost(
                "characters of names of properties and definitions, enum and const values",
                characters,
                MOST_CHARACTERS);
    }

    private static void atMost(String what, int count, int most) {
        if (count > most) {
            throw new Fault("it has %d %s; at most %d are allowed.".formatted(count, what, most));
        }
    }

    /**
     * Checks a schema and those in it.
     *
     * @param context keywords and names that lead to it
     * @param depth of objects, this one included
     */
    private void schema(JsonNode schema, List<String> context, int depth) {
        if (!schema.isObject()) {
            throw fault(context, "schema must be an object.");
        }
        for (String keyword : REFUSED) {
            if (schema.has(keyword)) {
                throw fault(context, "'" + keyword + "' is not permitted.");
            }
        }
        if (!schema.has("type") && INSTEAD_OF_TYPE.stream().noneMatch(schema::has)) {
            throw fault(context, "schema must have a 'type' key.");
        }
        if (isObject(schema)) {
            object(schema, context);
            if (depth > DEEPEST) {
                throw fault(context, "it is nested deeper than " + DEEPEST + " levels of objects.");
            }
        }
        if (isArray(schema) && !schema.has("items") && !schema.has("prefixItems")) {
            throw fault(context, "array schema missing items.");
        }
        values(schema, context);
        inner(schema, context, isObject(schema) ? depth + 1 : depth);
    }

    private static boolean isObject(JsonNode schema) {
        return isOf(schema, "object") || schema.has("properties");
    }

    private static boolean isArray(JsonNode schema) {
        return isOf(schema, "array");
    }

    private static boolean isOf(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        boolean named = types.asString("").equals(type);
        for (JsonNode one : types) {
            named |= one.asString("").equals(type);
        }
        return named;
    }

    private static void object(JsonNode schema, List<String> context) {
        JsonNode additional = schema.path("additionalProperties");
        if (!additional.isBoolean() || additional.booleanValue()) {
            throw fault(
                    context, "'additionalProperties' is required to be supplied and to be false.");
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        String rule =
                "'required' is required to be supplied and to be an array including every key in"
                        + " properties. ";
        for (String name : schema.path("properties").propertyNames()) {
            if (!required.remove(name)) {
                throw fault(context, rule + "Missing '" + name + "'.");
            }
        }
        if (!required.isEmpty()) {
            throw fault(
                    context,
                    rule + "Extra required key '" + required.iterator().next() + "' supplied.");
        }
    }

    private void values(JsonNode schema, List<String> context) {
        int before = characters;
        for (JsonNode value : schema.path("enum")) {
            enumValues++;
            characters += value.asString("").length();
        }
        if (schema.path("enum").size() > MANY_ENUM_VALUES
                && characters - before > MOST_CHARACTERS_OF_MANY) {
            throw fault(
                    context,
                    "its enum has %d characters in %d values; at most %d are allowed in more than %d values."
                            .formatted(
                                    characters - before,
                                    schema.path("enum").size(),
                                    MOST_CHARACTERS_OF_MANY,
                                    MANY_ENUM_VALUES));
        }
        characters += schema.path("const").asString("").length();
    }

    private void inner(JsonNode schema, List<String> context, int depth) {
        for (String map : MAPS) {
            JsonNode named = schema.path(map);
            for (String name : named.propertyNames()) {
                properties += map.equals("properties") ? 1 : 0;
                characters += name.length();
                schema(named.path(name), with(context, map, name), depth);
            }
        }
        JsonNode items = schema.path("items");
        if (!items.isMissingNode() && !items.isBoolean()) {
            schema(items, with(context, "items"), depth);
        }
        for (String list : List.of("anyOf", "prefixItems")) {
            int index = 0;
            for (JsonNode one : schema.path(list)) {
                schema(one, with(context, list, String.valueOf(index++)), depth);
            }
        }
    }

    private static List<String> with(List<String> context, String... more) {
        List<String> longer = new ArrayList<>(context);
        longer.addAll(List.of(more));
        return longer;
    }

    private static Fault fault(List<String> context, String message) {
        String path =
                context.stream()
                        .map(part -> "'" + part + "'")
                        .collect(Collectors.joining(", ", "(", context.size() == 1 ? ",)" : ")"));
        return new Fault("In context=" + path + ", " + message);
    }
}
