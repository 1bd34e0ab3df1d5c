package dev.weft.standalone.bench.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.walk.TokenVocabulary;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenSpellingTest {
    private final TokenSpelling spelling = spelling("</s>", "a", "ab", "\"", " \"", "\u00e4", null);

    private static TokenSpelling spelling(@Nullable String... tokens) {
        byte[] @Nullable [] bytes =
                Stream.of(tokens)
                        .map(token -> token == null ? null : token.getBytes(UTF_8))
                        .toArray(byte[] @Nullable []::new);
        return new TokenSpelling(TokenVocabulary.of(bytes, Set.of(0)));
    }

    @Test
    void tokensThatSpellTheTextStay() {
        assertThat(spelling.of("\"ab", List.of(3, 2))).contains(List.of(3, 2));
    }

    /** As SentencePiece does, which puts a space before a text, and normalizers, which compose. */
    @Test
    void tokensOfAnotherTextGiveWayToTheLongestThatSpellIt() {
        assertThat(spelling.of("\"aba", List.of(4, 2, 1))).contains(List.of(3, 2, 1));
        assertThat(spelling.of("\"\u00e4", List.of(3, 6))).contains(List.of(3, 5));
    }

    @Test
    void aTextThatNoTokensSpellHasNone() {
        assertThat(spelling.of("a\u0308", List.of(5))).isEmpty();
        assertThat(spelling.of("</s>", List.of(0))).isEmpty();
    }
}
