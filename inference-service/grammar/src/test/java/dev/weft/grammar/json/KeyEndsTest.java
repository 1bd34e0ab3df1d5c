package dev.weft.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.TokenMatcher;
import dev.weft.grammar.Walks;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys whose ends JSON writes with escapes, or that tokens seem to end in the middle of one. */
final class KeyEndsTest {
    private static final TokenVocabulary TOKENS =
            Walks.vocabulary(
                    List.of(
                            "\\\"",
                            "\"\"",
                            "\\\\\"",
                            "\\\\\":",
                            "\\\\\": 1",
                            "\\\"\":",
                            "\\\"\"",
                            "\n\"",
                            "\n\":",
                            "\\n\"",
                            "\\n\":",
                            "\\u000a\"",
                            "\"\":",
                            "\"\": 1",
                            "b\\\\\":",
                            "\\u005c\"",
                            "\\u0022\":",
                            "a\":",
                            "/\":",
                            "\\/\":"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object'} | {'\\\\':1,'",
                "{} | {'ab\\\\':1,'ab",
                "{} | {'ab\\\\':1,'a",
                "{} | {'\\\\\\\\':1,'\\\\",
                "{} | {'\\u0022\\u0022':1,'\\u0022",
                "{} | {'\\u0022\\u0022':1,'",
                "{} | {'a\\nb':1,'a",
                "{} | {'\\n':1,'\\t':2,'",
                "{} | {'a/':1,'a",
                "{'properties':{'\\n':{'type':'null'}}} | {'",
                "{'properties':{'\\u0022':{'type':'null'},'\\\\':{'type':'null'}}} | {'",
                "{'properties':{'a\\u0022':{},'a\\\\':{}},'additionalProperties':false} | {'a",
                "{'patternProperties':{'^a':{'type':'null'}}} | {'a\\\\':null,'a",
            })
    void areAllowedByAMaskAsTheyAreAlone(String schema, String begun) throws Exception {
        TokenMatcher matcher = Walks.schema(schema.replace('\'', '"')).matcher(TOKENS);
        for (byte b : begun.replace('\'', '"').getBytes(StandardCharsets.UTF_8)) {
            assertThat(Walks.mask(matcher, TOKENS)).isEqualTo(Walks.oneByOne(matcher, TOKENS));
            matcher.accept(b);
        }
        assertThat(Walks.mask(matcher, TOKENS)).isEqualTo(Walks.oneByOne(matcher, TOKENS));
    }
}
