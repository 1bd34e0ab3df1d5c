package dev.weft.grammar;

import dev.weft.grammar.expression.Expressions;
import tools.jackson.databind.JsonNode;

/** Makes machines of JSON. */
final class JsonGrammars {
    private JsonGrammars() {}

    static Machine schema(Expressions pool, JsonNode schema, GrammarOptions options)
            throws GrammarException {
        if (schema.isBoolean() || schema.isObject()) {
            throw refused();
        }
        throw new GrammarException(
                GrammarException.Kind.INVALID,
                "",
                "",
                "a schema is an object or a boolean, not " + schema.getNodeType());
    }

    static Machine object(Expressions pool, GrammarOptions options) throws GrammarException {
        if (pool.held() > 0) {
            throw refused();
        }
        return new TextMachine(pool, pool.empty());
    }

    private static GrammarException refused() {
        return new GrammarException(
                GrammarException.Kind.UNSUPPORTED, "", "", "JSON is not served yet");
    }
}
