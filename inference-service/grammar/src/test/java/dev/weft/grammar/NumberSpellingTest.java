package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Numbers as those read them who hold them as doubles. */
final class NumberSpellingTest {
    private static final int NUMBERS = 4_000;
    private static final JsonMapper DECIMALS =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final List<String> ENDS =
            List.of(
                    "1.7976931348623157e+308",
                    "-1.7976931348623157E308",
                    "5e-324",
                    "2.2250738585072014e-308",
                    "9.99e307",
                    "1e-323",
                    "123456789012345678901234567890",
                    "1e300",
                    "6.02214076e+023",
                    "1E-07");
    private static final List<String> BEYOND =
            List.of(
                    "1e400",
                    "-1e999",
                    "1e309",
                    "1.8e308",
                    "99e307",
                    "1e-999",
                    "-2e-324",
                    "0.1e-323");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"exclusiveMinimum\":0}",
                "{\"exclusiveMaximum\":0}",
                "{\"type\":\"integer\"}",
                "{\"maximum\":5,\"minimum\":-2}",
                "{\"exclusiveMinimum\":-1e300,\"type\":\"integer\"}",
                "{\"maximum\":1.7976931348623157e308}"
            })
    void nothingIsInfiniteAndOnlyZeroIsZero(String schema) throws Exception {
        Grammar grammar = Walks.schema(schema);
        Random random = new Random(3);
        int accepted = 0;
        for (int i = 0; i < NUMBERS; i++) {
            String text = i < BEYOND.size() ? BEYOND.get(i) : spelled(random);
            if (Walks.accepts(grammar, text)) {
                accepted++;
                double read = Double.parseDouble(text);
                assertThat(read).as(text).isFinite();
                assertThat(Math.signum(read)).as(text).isEqualTo(new BigDecimal(text).signum());
                assertThat(schema.contains("integer") && read != Math.rint(read))
                        .as(text)
                        .isFalse();
            }
        }
        assertThat(accepted).isGreaterThan(NUMBERS / 50);
    }

    /** A number is written before the key that says which of two rules it has to keep. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"integer"} | {"type":"number"}
                    {"type":"integer"} | {"type":"string"}
                    {"type":"integer"} | {"not":{"type":"integer"}}
                    {"minimum":0}      | {"type":["null","number"]}
                    {"minimum":1e-7}   | {"not":{"type":"string"}}
                    {"type":"integer"} | {"enum":[1.25e-6,"a"]}
                    {"oneOf":[{"type":"integer"},{"minimum":1}]} | true
                    """)
    void aNumberBeforeItsRuleIsOneOfTheRuleThatFollows(String one, String two) throws Exception {
        Grammar grammar =
                Walks.schema(
                        """
                        {"type":"object","required":["b","k"],"anyOf":[
                          {"properties":{"k":{"const":1},"b":%s}},
                          {"properties":{"k":{"const":2},"b":%s}}]}\
                        """
                                .formatted(one, two));
        List<Schema> alone = List.of(oracle(one), oracle(two));
        Random random = new Random(7);
        int accepted = 0;
        for (int i = 0; i < NUMBERS; i++) {
            String text = spelled(random);
            for (int k = 1; k <= 2; k++) {
                if (Walks.accepts(grammar, "{\"b\":%s,\"k\":%d}".formatted(text, k))) {
                    accepted++;
                    double read = Double.parseDouble(text);
                    assertThat(alone.get(k - 1).validate(DECIMALS.readTree(text)))
                            .as("%s as %s", text, k == 1 ? one : two)
                            .isEmpty();
                    assertThat(read == 0).as(text).isEqualTo(text.matches("[-0.]+([eE].*)?"));
                }
            }
        }
        assertThat(accepted).isGreaterThan(NUMBERS / 50);
    }

    private static Schema oracle(String schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(DECIMALS.readTree(schema));
    }

    /** Programs write small numbers so, and models the results of physics. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"number"}          | {}
                    {"type":"number"}          | {"type":"string"}
                    {"type":"number"}          | {"type":"integer"}
                    {"minimum":0}              | {"type":["number","null"]}
                    {"not":{"type":"integer"}} | false
                    """)
    void anExponentIsWrittenWhereEachRuleKnowsIt(String one, String two) throws Exception {
        Grammar grammar =
                Walks.schema(
                        """
                        {"anyOf":[
                          {"properties":{"k":{"const":1},"b":%s},"required":["k"]},
                          {"properties":{"b":%s},"required":["c"]}]}\
                        """
                                .formatted(one, two));
        for (String number : List.of("1.2566370614359173e-06", "1e-7", "2.5")) {
            String text = "{\"b\":%s,\"k\":1}".formatted(number);
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
        }
    }

    private static String spelled(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        text.append(random.nextInt(3) == 0 ? "0" : digits(random, '1', 30));
        if (random.nextBoolean()) {
            text.append('.').append(digits(random, '0', 30));
        }
        if (random.nextInt(3) > 0) {
            text.append("eE".charAt(random.nextInt(2)));
            text.append(List.of("", "+", "-").get(random.nextInt(3)));
            text.append(random.nextInt(random.nextBoolean() ? 400 : 30));
        }
        return text.toString();
    }

    private static String digits(Random random, char from, int most) {
        StringBuilder text = new StringBuilder();
        text.append((char) (from + random.nextInt('9' - from + 1)));
        int more = random.nextInt(random.nextBoolean() ? 3 : most);
        for (int i = 0; i < more; i++) {
            text.append(random.nextInt(3) == 0 ? random.nextInt(10) : 0);
        }
        return text.toString();
    }

    @Test
    void whatProgramsWriteOfADoubleIsServed() throws Exception {
        Grammar grammar = Walks.schema("{}");
        for (String text : ENDS) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
        }
        Random random = new Random(5);
        for (int i = 0; i < NUMBERS; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value) && Math.abs(value) < 1e308) {
                String text = JsonMapper.shared().writeValueAsString(value);
                assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"minimum\":1e308}", "{\"maximum\":-1e308}"})
    void largeBoundsLeadToNothingInfinite(String schema) throws Exception {
        Grammar grammar = Walks.schema(schema);
        String sign = schema.contains("max") ? "-" : "";
        String zeros = "0".repeat(307);
        assertThat(Walks.accepts(grammar, sign + "10" + zeros)).isTrue();
        assertThat(Walks.accepts(grammar, sign + "17" + zeros)).isTrue();
        assertThat(Walks.allows(grammar, sign + "18")).isFalse();
        assertThat(Walks.allows(grammar, sign + "9")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'const':1e-7         | 1e-07,1E-7,1.0e-7,0.0000001,1.0E-007       |"
                        + " 1e-06,1e-7.0,10e-08,2e-07",
                "'const':-12345678901234567890 | -1.234567890123456789e+19    |"
                        + " 1.234567890123456789e+19",
                "'minimum':1          | 1e+16,1e0,1E+05,1.5e300,1.7976931348623157e+308 |"
                        + " 1e-1,9e-05,1e309,-1e+16",
                "'exclusiveMinimum':1 | 1.01e0,1e+01                               |"
                        + " 1e0,1.0e+00,9.9e-01",
                "'minimum':1.5e16     | 1.5e+16,1.51e+16,2e16,1e17                 |"
                        + " 1.49e+16,9e15,1e16",
                "'minimum':-3.4028235e38,'maximum':3.4028235e38 |"
                        + " 3.4028235e38,-3.4028235e+38,1e-45,3.40e+38 | 3.4028236e38,-4e38,1e39",
                "'minimum':-5.5       | -1e-05,-5.5e0,-5.4e+00,1e+16               |"
                        + " -5.51e0,-1e+01,-6e0",
                "'maximum':-5.5       | -5.5e+00,-1e+16                            |"
                        + " -5.4e0,-1e-05,1e+16",
                "'maximum':0.001      | 1e-05,1e-03,-1e16                          |"
                        + " 1.1e-03,1e-02,1e0",
                "'exclusiveMaximum':100 | 9.9e+01,1e-07                            | 1e+02,1e2,1e3"
            })
    void boundsAndConstantsServeWhatProgramsWrite(String keywords, String good, String bad)
            throws Exception {
        Grammar grammar = Walks.schema("{%s}".formatted(keywords.replace('\'', '"')));
        for (String text : good.split(",", -1)) {
            assertThat(Walks.accepts(grammar, text)).as(text).isTrue();
        }
        for (String text : bad.split(",", -1)) {
            assertThat(Walks.accepts(grammar, text)).as(text).isFalse();
        }
    }

    @Test
    void exponentsAreHeldToBoundsExactly() throws Exception {
        Random random = new Random(17);
        int accepted = 0;
        for (int i = 0; i < NUMBERS / 20; i++) {
            BigDecimal bound = new BigDecimal(few(random));
            String keyword =
                    List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
                            .get(random.nextInt(4));
            Grammar grammar = Walks.schema("{\"%s\":%s}".formatted(keyword, bound));
            for (int j = 0; j < 60; j++) {
                String text = few(random);
                if (Walks.accepts(grammar, text)) {
                    accepted++;
                    assertThat(isWithin(new BigDecimal(text), keyword, bound))
                            .as(keyword + " " + bound + ": " + text)
                            .isTrue();
                } else if (text.matches("-?[1-9]([.].*)?e.*")) {
                    assertThat(isWithin(new BigDecimal(text), keyword, bound))
                            .as(keyword + " " + bound + ": " + text)
                            .isFalse();
                }
            }
        }
        assertThat(accepted).isGreaterThan(NUMBERS / 2);
    }

    private static boolean isWithin(BigDecimal number, String keyword, BigDecimal bound) {
        int order = number.compareTo(bound);
        return switch (keyword) {
            case "minimum" -> order >= 0;
            case "maximum" -> order <= 0;
            case "exclusiveMinimum" -> order > 0;
            default -> order < 0;
        };
    }

    /** A number of few digits, so that many are alike. */
    private static String few(Random random) {
        String sign = random.nextBoolean() ? "-" : "";
        String fraction = random.nextBoolean() ? "" : "." + random.nextInt(30);
        int exponent = random.nextInt(7) - 3;
        String spelled =
                exponent < 0
                        ? "-0" + -exponent
                        : List.of("+0", "").get(random.nextInt(2)) + exponent;
        return sign + (1 + random.nextInt(9)) + fraction + "e" + spelled;
    }
}
