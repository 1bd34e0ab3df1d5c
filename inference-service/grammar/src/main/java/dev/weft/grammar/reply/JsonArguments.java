package dev.weft.grammar.reply;

import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.schema.Contradiction;
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
        SchemaReader reader =
                new SchemaReader(shared.rules(), shared.constants(), tool.parameters());
        ValueRule parameters = reader.read(tool.parameters());
        ValueRule rule = shared.rules().and(List.of(parameters, object(shared)));
        GrammarOptions ordered =
                tool.strict() ? options.with(GrammarOptions.KeyOrder.DECLARED) : options;
        JsonMachine machine = new JsonMachine(shared, rule, ordered, JsonMachine.Words.JSON, end);
        if (!machine.isSatisfiable(rule)) {
            throw machine.isSatisfiable(parameters)
                    ? new GrammarException(
                            GrammarException.Kind.INVALID,
                            "",
                            "",
                            "no object is valid by the schema")
                    : Contradiction.of(reader, tool.parameters(), machine::isSatisfiable);
        }
        return machine.start();
    }

    private static ValueRule object(SharedStates shared) throws GrammarException {
        return new SchemaReader(shared.rules(), shared.constants(), OBJECT).read(OBJECT);
    }
}
