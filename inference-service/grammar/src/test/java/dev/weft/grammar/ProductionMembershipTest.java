package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random small grammars say what a plain recogniser says, whichever tokens a text comes in. */
@Timeout(120)
final class ProductionMembershipTest {
    private static final int GRAMMARS = 120;
    private static final int LONGEST = 5;

    /** Every text over three letters. */
    private static final List<String> TEXTS = texts();

    private static final TokenVocabulary TOKENS =
            Walks.vocabulary(
                    List.of("ab", "ba", "aa", "bb", "ca", "abc", "cab", "aab", "bcb", "aaaa"));

    private static List<String> texts() {
        List<String> all = new ArrayList<>(List.of(""));
        for (int i = 0; i < all.size() && all.get(i).length() < LONGEST; i++) {
            for (String c : List.of("a", "b", "c")) {
                all.add(all.get(i) + c);
            }
        }
        return all;
    }

    @Test
    void saysWhatAPlainRecogniserSays() throws Exception {
        int served = 0;
        int members = 0;
        for (int seed = 0; served < GRAMMARS; seed++) {
            PlainGrammar plain = PlainGrammar.random(new Random(seed));
            Grammar grammar = compiled(plain);
            if (grammar == null) {
                assertThat(isClosed(plain)).as(plain.gbnf()).isFalse();
                continue;
            }
            served++;
            Set<String> beginnings = new HashSet<>();
            for (String text : TEXTS) {
                boolean expected = plain.matches(text);
                assertThat(Walks.accepts(grammar, text))
                        .as("'%s' in seed %d:%n%s", text, seed, plain.gbnf())
                        .isEqualTo(expected);
                if (expected) {
                    members++;
                    for (int end = 0; end <= text.length(); end++) {
                        beginnings.add(text.substring(0, end));
                    }
                }
            }
            for (String text : beginnings) {
                assertThat(begins(grammar, text))
                        .as("beginning '%s' in seed %d:%n%s", text, seed, plain.gbnf())
                        .isTrue();
            }
        }
        assertThat(members).isGreaterThan(2_000);
    }

    /** Whether each rule has a short text: then none is refused. */
    private static boolean isClosed(PlainGrammar plain) {
        return IntStream.range(0, plain.rules().size())
                .allMatch(rule -> TEXTS.stream().anyMatch(text -> plain.matches(rule, text)));
    }

    private static @Nullable Grammar compiled(PlainGrammar plain) {
        try {
            return Grammar.text(plain.gbnf(), GrammarOptions.defaults());
        } catch (GrammarException e) {
            assertThat(e.kind()).isEqualTo(GrammarException.Kind.INVALID);
            assertThat(e).hasMessageContaining("matches no text");
            return null;
        }
    }

    private static boolean begins(Grammar grammar, String text) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(Walks.BYTES);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.allows(b & 0xFF)) {
                return false;
            }
            matcher.accept(b & 0xFF);
        }
        return true;
    }

    @Test
    void masksAreWhatTokensAloneAreAndSplitsCountForNothing() throws Exception {
        Random random = new Random(7);
        int compared = 0;
        for (int seed = 0; compared < 600; seed++) {
            PlainGrammar plain = PlainGrammar.random(new Random(seed));
            Grammar grammar = compiled(plain);
            if (grammar == null) {
                continue;
            }
            TokenMatcher matcher = grammar.matcher(TOKENS);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                List<Integer> allowed = Walks.mask(matcher, TOKENS);
                assertThat(allowed).as(plain.gbnf()).isEqualTo(Walks.oneByOne(matcher, TOKENS));
                compared++;
                assertThat(matcher.mayEnd()).isEqualTo(Walks.accepts(grammar, text.toString()));
                allowed.remove(Integer.valueOf(TOKENS.size() - 1));
                if (allowed.isEmpty()) {
                    assertThat(matcher.mayEnd()).isTrue();
                    break;
                }
                int token = allowed.get(random.nextInt(allowed.size()));
                matcher.accept(token);
                text.append(new String(TOKENS.bytes(token), StandardCharsets.UTF_8));
            }
        }
    }
}
