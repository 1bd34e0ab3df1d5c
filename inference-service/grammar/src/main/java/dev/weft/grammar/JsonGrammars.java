package dev.weft.grammar;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import dev.weft.grammar.schema.SchemaReader;
import dev.weft.grammar.walk.Machine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes machines of JSON. */
final class JsonGrammars {
    private JsonGrammars() {}

    static Machine schema(Expressions pool, JsonNode schema, GrammarOptions options)
            throws GrammarException {
        ValueRules rules = new ValueRules(pool);
        Constants constants = new Constants(rules);
        ValueRule root = new SchemaReader(rules, constants, schema).read(schema);
        JsonMachine machine = new JsonMachine(rules, constants, root, options);
        if (!machine.isSatisfiable(root)) {
            throw new GrammarException(
                    GrammarException.Kind.INVALID, "", "", "no value is valid by the schema");
        }
        return machine;
    }

    static Machine object(Expressions pool, GrammarOptions options) throws GrammarException {
        return schema(pool, JsonNodeFactory.instance.objectNode().put("type", "object"), options);
    }
}
