package dev.weft.grammar.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarOptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules of values, and what they hold. */
final class ConstantsTest {
    private static final int DEPTH = 300;
    private static final int LENGTH = 20_000;

    /** A long text within many arrays is held once, and counted. */
    @Test
    void holdsATextOnceHoweverDeepItIs() {
        Expressions pool = Expressions.unbounded();
        ValueRules rules = new ValueRules(pool, GrammarOptions.Numbers.ANY);
        Constants constants = new Constants(rules);
        JsonNode value =
                JsonMapper.shared()
                        .readTree(
                                "[".repeat(DEPTH)
                                        + "\""
                                        + "x".repeat(LENGTH)
                                        + "\""
                                        + "]".repeat(DEPTH));
        long before = pool.held();
        ValueRule rule = constants.rule(value);
        assertThat(constants.rule(value.deepCopy())).isSameAs(rule);
        assertThat(pool.held() - before).isBetween((long) LENGTH, 10L * LENGTH);
    }

    @Test
    void tellsValuesApartByWhatIsWithin() throws Exception {
        Grammar grammar =
                Walks.schema(
                        "{\"enum\":[[[1],[\"1\"]],{\"a\":[1],\"b\":{\"c\":null}},[],{},[[]],[{}]]}");
        for (String value :
                new String[] {
                    "[[1],[\"1\"]]", "{\"b\":{\"c\":null},\"a\":[1]}", "[]", "{}", "[[]]", "[{}]"
                }) {
            assertThat(Walks.accepts(grammar, value)).as(value).isTrue();
        }
        for (String value :
                new String[] {
                    "[[1],[1]]",
                    "[[\"1\"],[1]]",
                    "{\"a\":[1]}",
                    "{\"a\":{\"c\":null},\"b\":[1]}",
                    "[[],[]]"
                }) {
            assertThat(Walks.accepts(grammar, value)).as(value).isFalse();
        }
    }
}
