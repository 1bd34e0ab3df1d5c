package dev.weft.grammar.schema;

import tools.jackson.databind.JsonNode;

/** Versions of JSON Schema, as far as they differ in what is valid. */
enum SchemaDraft {
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019_09,
    DRAFT_2020_12;

    /** The draft that a schema names; the newest if it names none that is known. */
    static SchemaDraft of(JsonNode schema) {
        String name = schema.path("$schema").asString("");
        if (name.contains("draft-03") || name.contains("draft-04")) {
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

    /** Whether other keywords beside {@code $ref} don't count. */
    boolean referenceStandsAlone() {
        return compareTo(DRAFT_7) <= 0;
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
                    default -> DRAFT_4;
                };
        return compareTo(first) >= 0;
    }
}
