package dev.weft.grammar.reply;

import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.schema.SchemaReader;

/** Arguments as a JSON object. */
final class JsonArguments {
    private JsonArguments() {}

    /** Where a tool's arguments begin. */
    static Position at(SharedStates shared, Tool tool, GrammarOptions options, Position end)
            throws GrammarException {
        SchemaReader reader =
                new SchemaReader(shared.rules(), shared.constants(), tool.parameters());
        ObjectSchema schema = ObjectSchema.of(shared, reader, tool.parameters());
        GrammarOptions ordered =
                tool.strict() ? options.with(GrammarOptions.KeyOrder.DECLARED) : options;
        JsonMachine machine =
                new JsonMachine(shared, schema.rule(), ordered, JsonMachine.Words.JSON, end);
        schema.check(machine);
        return machine.start();
    }
}
