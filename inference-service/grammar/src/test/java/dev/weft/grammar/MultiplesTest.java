package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Multiples of a number: each may be written, nothing else, and soon. */
@Timeout(60)
final class MultiplesTest {
    private static final int WALKS = 8;
    private static final int NUMBERS = 3_000;
    private static final int COMPARED = 7;

    /** Of the largest divisor here, and a zero behind the point. */
    private static final int DIGITS_TO_THE_NEXT = 17;

    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** All tokens of one to three digits, as large vocabularies have them, and some others. */
    private static final TokenVocabulary DIGITS = digits();

    private static TokenVocabulary digits() {
        List<String> texts = new ArrayList<>(List.of(".0", ".5", "-1", "00000"));
        for (int i = 10; i < 1_000; i++) {
            texts.add(Integer.toString(i));
        }
        for (int i = 0; i < 100; i++) {
            texts.add("%03d".formatted(i));
        }
        return Walks.vocabulary(texts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type':'integer','multipleOf':5",
                "'type':'integer','multipleOf':3600",
                "'type':'integer','multipleOf':65536",
                "'type':'integer','multipleOf':86400",
                "'type':'integer','multipleOf':1048575",
                "'type':'integer','multipleOf':1000000000",
                "'type':'integer','multipleOf':9999999999999937",
                "'multipleOf':86400",
                "'multipleOf':0.01",
                "'multipleOf':0.123456789",
                "'multipleOf':0.000123456789",
                "'type':'integer','multipleOf':0.75",
                "'type':'integer','multipleOf':86400,'minimum':0,'maximum':10000000",
                "'type':'integer','multipleOf':86399,'minimum':86400,'maximum':1000000000",
                "'type':'integer','multipleOf':86399,'minimum':-259197,'maximum':-259197",
                "'multipleOf':0.037,'exclusiveMinimum':-12.345,'exclusiveMaximum':98.76",
                "'multipleOf':1048575,'exclusiveMinimum':1048575,'maximum':2097150",
                "'multipleOf':86400,'not':{'const':86400},'minimum':1",
                "'anyOf':[{'multipleOf':86399,'minimum':3},{'multipleOf':65537,'maximum':-9}]"
            })
    void walksEndSoonAndInMultiples(String keywords) throws Exception {
        String schema = schema(keywords);
        Schema oracle =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(EXACT.readTree(schema));
        Random random = new Random(7);
        for (int i = 0; i < WALKS; i++) {
            String number = walk(Walks.schema(schema), random);
            assertThat(oracle.validate(EXACT.readTree(number))).as(number).isEmpty();
            assertThat(number.chars().filter(Character::isDigit).count())
                    .as(number)
                    .isLessThanOrEqualTo(40 + DIGITS_TO_THE_NEXT);
        }
    }

    private static String schema(String keywords) {
        String type = keywords.contains("'type'") ? "" : "'type':'number',";
        return "{%s%s}".formatted(type, keywords).replace('\'', '"');
    }

    private static String walk(Grammar grammar, Random random) throws GrammarException {
        int end = DIGITS.size() - 1;
        TokenMatcher matcher = grammar.matcher(DIGITS);
        ByteArrayOutputStream number = new ByteArrayOutputStream();
        while (true) {
            List<Integer> allowed = Walks.mask(matcher, DIGITS);
            assertThat(allowed).as(number.toString(StandardCharsets.UTF_8)).isNotEmpty();
            if (random.nextInt(COMPARED) == 0) {
                assertThat(allowed).isEqualTo(Walks.oneByOne(matcher, DIGITS));
            }
            int token = allowed.get(random.nextInt(allowed.size()));
            if (token == end || (matcher.mayEnd() && random.nextInt(4) == 0)) {
                return number.toString(StandardCharsets.UTF_8).strip();
            }
            matcher.accept(token);
            number.writeBytes(DIGITS.bytes(token));
        }
    }

    @ParameterizedTest
    @CsvSource({"86400", "1048577", "3600000", "1000000000", "9999999999999937", "0.01", "0.75"})
    void multiplesAndNothingElse(BigDecimal divisor) throws Exception {
        Grammar grammar = Walks.schema("{\"multipleOf\":%s}".formatted(divisor));
        Random random = new Random(9);
        for (int i = 0; i < NUMBERS / 30; i++) {
            BigDecimal multiple = divisor.multiply(BigDecimal.valueOf(random.nextLong(1L << 40)));
            BigDecimal other = multiple.add(new BigDecimal("0.003"));
            assertThat(Walks.accepts(grammar, multiple.toPlainString())).isTrue();
            assertThat(Walks.accepts(grammar, multiple.negate().toPlainString())).isTrue();
            assertThat(Walks.accepts(grammar, other.toPlainString())).isFalse();
        }
    }

    /** Tokens of three digits lead to a thousand states each, of which an answer needs one. */
    @ParameterizedTest
    @CsvSource({"3600", "86400", "1000000000", "0.000123456789"})
    void manyNumbersFitInTheMemoryOfAGrammar(BigDecimal divisor) throws Exception {
        Grammar grammar =
                Walks.schema(
                        "{\"type\":\"array\",\"items\":{\"multipleOf\":%s,\"minimum\":0}}"
                                .formatted(divisor));
        TokenMatcher matcher = grammar.matcher(DIGITS);
        Random random = new Random(11);
        accept(matcher, "[");
        for (int i = 0; i < 300; i++) {
            BigDecimal number = divisor.multiply(BigDecimal.valueOf(random.nextLong(1L << 34)));
            accept(matcher, number.toPlainString() + ",");
        }
        accept(matcher, "0]");
        assertThat(matcher.mayEnd()).isTrue();
        assertThat(grammar.bytes()).isLessThan(16L << 20);
    }

    private static void accept(TokenMatcher matcher, String text) throws GrammarException {
        for (int at = 0; at < text.length(); ) {
            int token = longest(text, at);
            assertThat(Walks.mask(matcher, DIGITS)).as(text).contains(token);
            matcher.accept(token);
            at += spelled(token).length();
        }
    }

    private static int longest(String text, int from) {
        int best = text.charAt(from);
        for (int token = 256; token < DIGITS.size() - 1; token++) {
            if (text.startsWith(spelled(token), from)
                    && spelled(token).length() > spelled(best).length()) {
                best = token;
            }
        }
        return best;
    }

    private static String spelled(int token) {
        return new String(Objects.requireNonNull(DIGITS.bytes(token)), StandardCharsets.ISO_8859_1);
    }

    /** Small enough that all numbers are tried, with bounds beside the divisor. */
    @ParameterizedTest
    @CsvSource({"0.37, -3.5, 11.2", "7, 20, 101", "0.06, -0.5, 0.7", "1.25, 0.1, 9"})
    void whatMayBeginIsWhatMayEnd(BigDecimal divisor, BigDecimal low, BigDecimal high)
            throws Exception {
        Grammar grammar =
                Walks.schema(
                        "{\"multipleOf\":%s,\"minimum\":%s,\"exclusiveMaximum\":%s}"
                                .formatted(divisor, low, high));
        for (int i = -400; i < 1_200; i++) {
            BigDecimal number = BigDecimal.valueOf(i, 2);
            boolean valid =
                    number.remainder(divisor).signum() == 0
                            && number.compareTo(low) >= 0
                            && number.compareTo(high) < 0;
            String text = number.toPlainString();
            assertThat(Walks.accepts(grammar, text)).as(text).isEqualTo(valid);
            assertThat(Walks.allows(grammar, text)).as(text).isEqualTo(valid);
        }
    }

    @Test
    void divisorsThatAreNotServedAreRefusedWithTheBound() {
        for (String divisor : List.of("10000000000000001", "1e17", "1e-31")) {
            assertThatThrownBy(() -> Walks.schema("{\"multipleOf\":%s}".formatted(divisor)))
                    .as(divisor)
                    .isInstanceOf(GrammarException.class)
                    .hasMessageContaining("at most 10^16 without its point");
        }
    }
}
