package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * If a vocabulary has many tokens of a kind, they are marked together; one by one they are the
 * same.
 */
@Timeout(120)
final class LargeVocabularyTest {
    private static final TokenVocabulary TOKENS = tokens();

    private static TokenVocabulary tokens() {
        Random random = new Random(11);
        String[] kinds = {
            "abcdefgh",
            "abcdefgh",
            "aAbB_c0",
            "0123456789",
            " (){};=+-*/<>,\"\\\n",
            "éü日本x😀",
            "ab \"'.-",
            "\"\",:a b",
            "a\u00a0 \u2028b"
        };
        Set<String> texts = new TreeSet<>();
        while (texts.size() < 5_000) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? " " : "");
            String kind = kinds[random.nextInt(kinds.length)];
            int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 24 : 6);
            int[] characters = kind.codePoints().toArray();
            for (int i = 0; i < length; i++) {
                if (random.nextInt(12) == 0) {
                    characters = kinds[random.nextInt(kinds.length)].codePoints().toArray();
                }
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            texts.add(text.toString());
        }
        return Walks.vocabulary(List.copyOf(texts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "c.gbnf|int main() { char a_b = \"a b é\"; if (a > f(0.5)) return a; // é",
                "json.gbnf|{\"ab cd\": [1.5, \"é日 a\\n\", true], \"x",
                "list.gbnf|- ab",
                "sql.lark|select abc, a.b from t where 'a b",
                "calculator.lark|ab = 1 + (abc * 12",
            })
    void masksAreWhatTokensAloneAre(String file, String text) throws Exception {
        TokenMatcher matcher = GrammarFilesTest.read(file).matcher(TOKENS);
        List<Integer> sizes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            List<Integer> allowed = Walks.mask(matcher, TOKENS);
            assertThat(allowed).isEqualTo(Walks.oneByOne(matcher, TOKENS));
            sizes.add(allowed.size());
            matcher.accept(b & 0xFF);
        }
        assertThat(sizes).anyMatch(size -> size > 500);
    }

    /** Patterns, counters, keys and items that must differ: all that subtrees are taken by. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'pattern':'^[a-c]{2,9}-?[0-9]*$'|\"abca-01",
                "'pattern':'^(\\\\S+\\\\s+){0,3}\\\\S+$','maxLength':30|\"ab é日 a",
                "'pattern':'abc','maxLength':12|\"bab日abca",
                "'allOf':[{'pattern':'ab'},{'not':{'pattern':'ba'}}],'maxLength':40|\"xé ab",
                "'oneOf':[{'pattern':'a{2}'},{'pattern':'b{2}'},{'pattern':'c_'}]|\"日aabab",
                "'pattern':'^.{0,8}x$'|\"a'é日\\t",
                "'not':{'enum':['ab','abc','é','日本',' ']},'maxLength':6|\"abé",
                "'minLength':3,'pattern':'^[^ab]*$'|\"é日x",
                "'uniqueItems':true,'items':{'type':'string'}|[\"\",\"ab\",\"a",
                "'uniqueItems':true,'items':{'maxLength':3,'type':'string'}|[\"ab\",\"a\",\"a",
                "'patternProperties':{'^a':{'const':1},'^.*b$':{'type':'null'}},"
                        + "'properties':{'zb c':{'const':2}},'additionalProperties':false"
                        + "|{\"aé\":1,\"zb c\":2,\"b",
                "'propertyNames':{'pattern':'^[a-e]{1,12}$'},'minProperties':2|{\"abc\":0,\"d",
                "'additionalProperties':{'pattern':'^a+$'},'properties':{'a':true}"
                        + "|{\"é\":\"aa\",\"a",
            })
    void masksOfSchemasAreWhatTokensAloneAre(String schema, String text) throws Exception {
        Grammar grammar = Walks.schema("{" + schema.replace('\'', '"') + "}");
        TokenMatcher matcher = grammar.matcher(TOKENS);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            assertThat(Walks.mask(matcher, TOKENS)).isEqualTo(Walks.oneByOne(matcher, TOKENS));
            matcher.accept(b & 0xFF);
        }
    }
}
