package dev.weft.inference.server.http.request.rule;

import dev.weft.inference.server.constraint.AnswerForm;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema that allows no other keys than those that it lists: {@code additionalProperties} is
 * false wherever properties are listed, except in conditions.
 */
final class ClosedSchema {
    /** Keywords of a schema whose values are not schemas. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

    private static final Set<String> CONDITIONS = Set.of("if", "not");

    /** Keywords by which a schema may allow more if a schema below them allows less. */
    private static final Set<String> OPPOSITES = Set.of("if", "not", "oneOf", "maxContains");

    private static final Set<String> MAPS =
            Set.of(
                    "properties",
                    "patternProperties",
                    "$defs",
                    "definitions",
                    "dependentSchemas",
                    "dependencies");

    private ClosedSchema() {}

    /** The form of answers by a schema. It allows nothing that the schema itself forbids. */
    static AnswerForm form(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        close(copy);
        boolean same = copy.equals(schema);
        return same || !hasOpposites(schema)
                ? new AnswerForm.Schema(same ? schema : copy)
                : new AnswerForm.Closed(schema, copy);
    }

    /**
     * Whether one of {@link #OPPOSITES} is anywhere in a schema, so also where references lead to;
     * a property of that name counts as one.
     */
    private static boolean hasOpposites(JsonNode schema) {
        for (String keyword : OPPOSITES) {
            if (!schema.findPath(keyword).isMissingNode()) {
                return true;
            }
        }
        return false;
    }

    private static void close(JsonNode schema) {
        schema.forEachEntry((keyword, value) -> {
            if (DATA.contains(keyword) || CONDITIONS.contains(keyword)) {
                return;
            }
            if (MAPS.contains(keyword) || value.isArray()) {
                value.forEach(ClosedSchema::close);
            } else {
                close(value);
            }
        });
        if (schema instanceof ObjectNode object
                && (object.path("properties").isObject()
                        || object.path("patternProperties").isObject())
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }
}
