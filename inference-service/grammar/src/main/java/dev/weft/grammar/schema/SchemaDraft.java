package dev.weft.grammar.schema;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Versions of JSON Schema, as far as they differ in what is valid. */
enum SchemaDraft {
    /** Served as draft 4, except for keywords that draft 4 has replaced by others. */
    DRAFT_3,
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019_09,
    DRAFT_2020_12;

    private static final Set<String> OF_DRAFT_3 = Set.of("divisibleBy", "disallow", "extends");

    /** The draft that a schema names; the newest if it names none that is known. */
    static SchemaDraft of(JsonNode schema) {
        String name = name(schema);
        if (name.contains("draft-03")) {
            return DRAFT_3;
        }
        if (name.contains("draft-04")) {
            return DRAFT_4;
        }
        if (name.contains("draft-06")) {
            return DRAFT_6;
        }
        if (name.contains("draft-07")) {
            return DRAFT_7;
        }
        return name.contains("2019-09") ? DRAFT_2019_09 : DRAFT_2020_12;
    }

    /** Whether a schema names a draft that is known. */
    static boolean isNamed(JsonNode schema) {
        return of(schema) != DRAFT_2020_12 || name(schema).contains("2020-12");
    }

    private static String name(JsonNode schema) {
        return schema.path("$schema").asString("");
    }

    /** Whether a keyword asserts something in this draft that is not served. */
    boolean refuses(String keyword) {
        return this == DRAFT_3 && OF_DRAFT_3.contains(keyword);
    }

    /** Whether other keywords beside {@code $ref} don't count. */
    boolean referenceStandsAlone() {
        return compareTo(DRAFT_7) <= 0;
    }

    /** The schemas of an array's first items; empty if it has none. */
    JsonNode firstItems(JsonNode schema) {
        JsonNode items = schema.path("items");
        if (items.isArray()) {
            return items;
        }
        return knows("prefixItems") ? schema.path("prefixItems") : MissingNode.getInstance();
    }

    /** The schema of the items behind the first ones; null if a schema has none for them. */
    @Nullable JsonNode otherItems(JsonNode schema) {
        return schema.get(schema.path("items").isArray() ? "additionalItems" : "items");
    }

    /** Whether a keyword is one of this draft; others are annotations. */
    boolean knows(String keyword) {
        SchemaDraft first =
                switch (keyword) {
                    case "const", "contains", "propertyNames" -> DRAFT_6;
                    case "if" -> DRAFT_7;
                    case "dependentRequired",
                            "dependentSchemas",
                            "minContains",
                            "maxContains",
                            "unevaluatedProperties",
                            "unevaluatedItems",
                            "$recursiveRef" ->
                            DRAFT_2019_09;
                    case "prefixItems", "$dynamicRef" -> DRAFT_2020_12;
                    default -> DRAFT_3;
                };
        return compareTo(first) >= 0;
    }
}
