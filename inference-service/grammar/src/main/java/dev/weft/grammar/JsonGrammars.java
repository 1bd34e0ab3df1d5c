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
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes machines of JSON. */
final class JsonGrammars {
    private JsonGrammars() {}

    static Machine schema(Expressions pool, JsonNode schema, GrammarOptions options)
            throws GrammarException {
        return schemas(pool, List.of(schema), options);
    }

    /** A machine for JSON that is valid by each of some schemas. */
    static Machine schemas(Expressions pool, List<JsonNode> schemas, GrammarOptions options)
            throws GrammarException {
        SharedStates shared = SharedStates.of(pool, options);
        List<SchemaReader> readers = new ArrayList<>();
        List<ValueRule> roots = new ArrayList<>();
        for (JsonNode schema : schemas) {
            SchemaReader reader = new SchemaReader(shared.rules(), shared.constants(), schema);
            readers.add(reader);
            roots.add(reader.read(schema));
        }
        ValueRule all = shared.rules().and(roots);
        JsonMachine machine = new JsonMachine(shared, all, options);
        if (!machine.isSatisfiable(all)) {
            for (int i = 0; i < schemas.size(); i++) {
                if (!machine.isSatisfiable(roots.get(i))) {
                    throw Contradiction.of(readers.get(i), schemas.get(i), machine::isSatisfiable);
                }
            }
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "", "no value is valid by the schema");
        }
        return machine;
    }

    static Machine object(Expressions pool, GrammarOptions options) throws GrammarException {
        return schema(pool, JsonNodeFactory.instance.objectNode().put("type", "object"), options);
    }
}
