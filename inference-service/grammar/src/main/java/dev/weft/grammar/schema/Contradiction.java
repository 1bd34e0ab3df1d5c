package dev.weft.grammar.schema;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.rule.ValueRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Says which part of a schema leaves no value that is valid. */
public final class Contradiction {
    private Contradiction() {}

    /**
     * Refuses a schema that no value is valid by.
     *
     * @param reader has read the schema
     * @param satisfiable whether some value follows a rule
     * @return names the innermost part that is found to be the reason
     */
    public static GrammarException of(
            SchemaReader reader, JsonNode schema, Predicate<ValueRule> satisfiable)
            throws GrammarException {
        String pointer = reader.pointer(innermost(reader, schema, satisfiable));
        return new GrammarException(
                GrammarException.Kind.INVALID,
                pointer,
                "",
                pointer.isEmpty()
                        ? "no value is valid by the schema"
                        : "no value is valid by this part of the schema");
    }

    private static JsonNode innermost(
            SchemaReader reader, JsonNode schema, Predicate<ValueRule> satisfiable)
            throws GrammarException {
        Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        JsonNode at = schema;
        while (seen.add(at)) {
            for (JsonNode part : needed(reader, at)) {
                // all nodes of "false" are one object, so nothing tells which of them it is
                if (part.isObject()
                        && reader.hasRead(part)
                        && !satisfiable.test(reader.rule(part))) {
                    at = part;
                    break;
                }
            }
        }
        return at;
    }

    /**
     * Parts of a schema without which no value is valid, if it is of the type that they are about.
     */
    private static List<JsonNode> needed(SchemaReader reader, JsonNode schema)
            throws GrammarException {
        List<JsonNode> parts = new ArrayList<>();
        if (schema.has("$ref")) {
            parts.add(reader.target(schema, "$ref"));
            if (reader.draft().referenceStandsAlone()) {
                return parts;
            }
        }
        schema.path("allOf").forEach(parts::add);
        if (schema.path("anyOf").size() == 1) {
            parts.add(schema.path("anyOf").path(0));
        }
        for (JsonNode key : schema.path("required")) {
            JsonNode property = schema.path("properties").path(key.asString(""));
            if (!property.isMissingNode()) {
                parts.add(property);
            }
        }
        int items = schema.path("minItems").asInt(0);
        JsonNode first = reader.draft().firstItems(schema);
        for (int i = 0; i < Math.min(items, first.size()); i++) {
            parts.add(first.path(i));
        }
        JsonNode others = reader.draft().otherItems(schema);
        if (items > first.size() && others != null) {
            parts.add(others);
        }
        return parts;
    }
}
