package dev.weft.grammar.reply;

import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.schema.Contradiction;
import dev.weft.grammar.schema.SchemaReader;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The schema of a tool's arguments, which are an object whatever it says.
 *
 * @param reader of the schema
 * @param read the rule that the schema gives
 * @param rule the rule that arguments follow: the schema's, and that they are an object
 */
record ObjectSchema(JsonNode schema, SchemaReader reader, ValueRule read, ValueRule rule) {
    private static final JsonNode OBJECT =
            JsonNodeFactory.instance.objectNode().put("type", "object");

    /** Reads a schema. */
    static ObjectSchema of(SharedStates shared, SchemaReader reader, JsonNode schema)
            throws GrammarException {
        ValueRule read = reader.read(schema);
        ValueRule object =
                new SchemaReader(shared.rules(), shared.constants(), OBJECT).read(OBJECT);
        return new ObjectSchema(schema, reader, read, shared.rules().and(List.of(read, object)));
    }

    /** Refuses a schema that no object is valid by. */
    void check(JsonMachine machine) throws GrammarException {
        if (!machine.isSatisfiable(rule)) {
            throw machine.isSatisfiable(read)
                    ? new GrammarException(
                            GrammarException.Kind.INVALID,
                            "",
                            "",
                            "no object is valid by the schema")
                    : Contradiction.of(reader, schema, machine::isSatisfiable);
        }
    }
}
