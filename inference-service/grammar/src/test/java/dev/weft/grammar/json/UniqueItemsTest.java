package dev.weft.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UniqueItemsTest {
    private static final String UNIQUE = "{\"type\":\"array\",\"uniqueItems\":true}";

    private static boolean goesOn(TokenMatcher matcher, String text) throws Exception {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.allows(b & 0xFF)) {
                return false;
            }
            matcher.accept(b & 0xFF);
        }
        return true;
    }

    @Test
    void manyStringsFitAGrammar() throws Exception {
        TokenMatcher matcher = Walks.schema(UNIQUE).matcher(Walks.WORDS);
        assertThat(goesOn(matcher, "[\"user-x\"")).isTrue();
        for (int i = 0; i < 1_200; i++) {
            assertThat(goesOn(matcher, ", \"user-" + i * 7919 + "\"")).isTrue();
        }
        assertThat(Walks.mask(matcher, Walks.WORDS)).contains((int) ',', (int) ']');
    }

    /** No item of many is allowed again, whichever it is and however it is written. */
    @Test
    void nothingComesTwice() throws Exception {
        Grammar grammar = Walks.schema(UNIQUE);
        Random random = new Random(2);
        for (int round = 0; round < 12; round++) {
            List<String> items = new ArrayList<>(List.of("null", "true", "0.5", "[]", "{}"));
            for (int i = 0; i < 150; i++) {
                String text = Integer.toString(i + random.nextInt(2) * 1_000);
                switch (random.nextInt(8)) {
                    case 0 -> items.add(text);
                    case 1 -> items.add("[\"" + text + "\"]");
                    case 2 -> items.add("{\"a\": " + text + "}");
                    default -> items.add('"' + text + '"');
                }
            }
            java.util.Collections.shuffle(items, random);
            String all = "[" + String.join(", ", items);
            assertThat(Walks.accepts(grammar, all + "]")).isTrue();
            String again = items.get(random.nextInt(items.size()));
            assertThat(Walks.accepts(grammar, all + ", " + again + "]")).as(again).isFalse();
            String spelled = again.startsWith("\"") ? again.replace("1", "\\u0031") : again;
            assertThat(Walks.accepts(grammar, all + ", " + spelled + "]")).as(spelled).isFalse();
            assertThat(Walks.accepts(grammar, all + ", \"other\"]")).isTrue();
        }
    }

    /** An array that has to repeat an item ends in time, whichever item it has begun. */
    @ParameterizedTest
    @CsvSource({"4", "78"})
    void masksOfWhatIsToBeRepeatedHoldWhatIsAccepted(long seed) throws Exception {
        Random random = new Random(seed);
        TokenMatcher matcher =
                Walks.schema("{\"type\":\"array\",\"not\":{\"uniqueItems\":true}}")
                        .matcher(Walks.WORDS);
        int most = 40;
        assertThat(matcher.endWithin(most, Set.of())).isLessThanOrEqualTo(most);
        int end = Walks.WORDS.size() - 1;
        int token = -1;
        for (int i = 0; i < most && token != end; i++) {
            List<Integer> allowed = Walks.mask(matcher, Walks.WORDS);
            for (int one : allowed) {
                assertThat(matcher.allows(one)).as("token %d at %d", one, i).isTrue();
            }
            token = allowed.get(random.nextInt(allowed.size()));
            matcher.accept(token);
        }
        assertThat(token).isEqualTo(end);
    }
}
