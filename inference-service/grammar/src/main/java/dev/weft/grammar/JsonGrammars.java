package dev.weft.grammar;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.schema.Contradiction;
import dev.weft.grammar.schema.SchemaReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes machines of JSON. */
final class JsonGrammars {
    private JsonGrammars() {}

    static Machine schema(Expressions pool, JsonNode schema, GrammarOptions options)
            throws GrammarException {
        SharedStates shared = SharedStates.of(pool, options);
        SchemaReader reader = new SchemaReader(shared.rules(), shared.constants(), schema);
        ValueRule root = reader.read(schema);
        JsonMachine machine = new JsonMachine(shared, root, options);
        if (!machine.isSatisfiable(root)) {
            throw Contradiction.of(reader, schema, machine::isSatisfiable);
        }
        return machine;
    }

    static Machine object(Expressions pool, GrammarOptions options) throws GrammarException {
        return schema(pool, JsonNodeFactory.instance.objectNode().put("type", "object"), options);
    }
}
