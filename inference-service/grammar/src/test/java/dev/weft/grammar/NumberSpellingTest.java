package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Numbers as those read them who hold them as doubles. */
final class NumberSpellingTest {
    private static final int NUMBERS = 4_000;
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
}
