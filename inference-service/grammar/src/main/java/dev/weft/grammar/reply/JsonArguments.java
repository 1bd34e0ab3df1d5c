package dev.weft.grammar.reply;

import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.schema.SchemaReader;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Arguments as a JSON object. */
final class JsonArguments {
    private static final JsonNode OBJECT =
            JsonNodeFactory.instance.objectNode().put("type", "object");

    private JsonArguments() {}

    /** Where a tool's arguments begin. */
    static Position at(SharedStates shared, Tool tool, GrammarOptions options, Position end)
            throws GrammarException {
        ValueRule rule =
                shared.rules().and(List.of(read(shared, tool.parameters()), read(shared, OBJECT)));
        GrammarOptions ordered =
                tool.strict() ? options.with(GrammarOptions.KeyOrder.DECLARED) : options;
        JsonMachine machine = new JsonMachine(shared, rule, ordered, JsonMachine.Words.JSON, end);
        if (!machine.isSatisfiable(rule)) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "", "no object is valid by the schema");
        }
        return machine.start();
    }

    private static ValueRule read(SharedStates shared, JsonNode schema) throws GrammarException {
        return new SchemaReader(shared.rules(), shared.constants(), schema).read(schema);
    }
}
