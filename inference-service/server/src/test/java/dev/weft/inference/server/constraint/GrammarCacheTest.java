package dev.weft.inference.server.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrammarCacheTest {
    @Test
    void aTenantFindsItsOwnOnly() throws GrammarException {
        GrammarCache cache = new GrammarCache(1 << 20, 1 << 20);
        Grammar grammar = grammar("a+");
        cache.put(key("one", "a+"), grammar);
        assertThat(cache.get(key("one", "a+"))).isSameAs(grammar);
        assertThat(cache.get(key("two", "a+"))).isNull();
        assertThat(cache.get(key("one", "a*"))).isNull();
        HeldReply spaced = rule(new AnswerForm.Regex("a+"), GrammarOptions.Whitespace.NONE);
        assertThat(cache.get(GrammarCache.Key.of("one", spaced))).isNull();
        HeldReply typed =
                rule(
                        new AnswerForm.Regex("a+"),
                        GrammarOptions.Whitespace.BOUNDED,
                        GrammarOptions.Numbers.TYPED);
        assertThat(cache.get(GrammarCache.Key.of("one", typed))).isNull();
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws GrammarException {
        Grammar grammar = grammar("[a-z]{1,20}");
        long each = grammar.bytes() + 2L * key("a", "[a-z]{1,20}").text().length() + 512;
        GrammarCache cache = new GrammarCache(3 * each, each);
        for (String tenant : new String[] {"a", "b", "c"}) {
            cache.put(key(tenant, "[a-z]{1,20}"), grammar);
        }
        assertThat(cache.bytes()).isEqualTo(3 * each);
        cache.get(key("a", "[a-z]{1,20}"));
        cache.put(key("d", "[a-z]{1,20}"), grammar);
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get(key("b", "[a-z]{1,20}"))).isNull();
        assertThat(cache.get(key("a", "[a-z]{1,20}"))).isNotNull();
    }

    /** A request whose answer fills a grammar fails. */
    @Test
    void oneWithoutRoomForAnotherAnswerIsMadeAnew() throws GrammarException {
        Grammar grammar = grammar("(ab|c)*d");
        GrammarCache cache = new GrammarCache(1 << 20, grammar.bytes());
        cache.put(key("one", "(ab|c)*d"), grammar);
        assertThat(cache.get(key("one", "(ab|c)*d"))).isSameAs(grammar);
        byte[][] tokens = {{'a'}, {'b'}, {'c'}, {'d'}, {}};
        grammar.matcher(TokenVocabulary.of(tokens, Set.of(4))).mask(new long[1], Long.MAX_VALUE);
        assertThat(cache.get(key("one", "(ab|c)*d"))).isNull();
        assertThat(cache.size()).isZero();
    }

    @Test
    void choicesThatReadAlikeTogetherAreNotMixedUp() {
        assertThat(new AnswerForm.Choice(java.util.List.of("1:a", "b")).text())
                .isNotEqualTo(new AnswerForm.Choice(java.util.List.of("1", "a1:b")).text());
    }

    private static Grammar grammar(String pattern) throws GrammarException {
        return Grammar.regex(pattern, GrammarOptions.defaults());
    }

    private static GrammarCache.Key key(String tenant, String pattern) {
        return GrammarCache.Key.of(
                tenant, rule(new AnswerForm.Regex(pattern), GrammarOptions.Whitespace.BOUNDED));
    }

    private static HeldReply rule(AnswerForm form, GrammarOptions.Whitespace whitespace) {
        return rule(form, whitespace, GrammarOptions.Numbers.ANY);
    }

    private static HeldReply rule(
            AnswerForm form, GrammarOptions.Whitespace whitespace, GrammarOptions.Numbers numbers) {
        return HeldReply.text(
                new AnswerRule(
                        form,
                        whitespace,
                        GrammarOptions.KeyOrder.ANY,
                        numbers,
                        "guided_regex",
                        "x"),
                false);
    }
}
