package dev.weft.chat.jinja.characters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chat.jinja.JinjaTemplate;
import dev.weft.chat.jinja.budget.Budget;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CasingTest {
    private static final Budget.Limits LIMITS = new Budget.Limits(1 << 20, 1 << 20, 1 << 20, 100);

    /** Expected values are those of Python 3.11 and jinja2 3.1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            quoteCharacter = '`',
            value = {
                "'ΟΔΟΣ'|lower=οδος",
                "'Α1Σ'|lower=α1σ",
                "'Α-Σ'|lower=α-σ",
                "'Σ'|lower=σ",
                "'ΑΣ.Β'|lower=ασ.β",
                "'ΑΣ Β'|lower=ας β",
                "'İI'|lower=i̇i",
                "'straße ŉ ﬁ'|upper=STRASSE ʼN FI",
                "'ΟΔΟΣ'|title=Οδος",
                "'ΑΣ'|capitalize=Ας",
                "'ΑΣ ΑΣ'.title()=Ας Ας",
                "'ǆ'.title()=ǅ",
                "'a-b (c'|title=A-B (C",
                "'İI'.capitalize()=İi",
            })
    void isPythons(String expression, String expected) {
        assertThat(render("{{ " + expression + " }}")).isEqualTo(expected);
    }

    @Test
    void rangesMayBeginFarUp() {
        assertThat(render("{{ range(3000000000, 3000000003)|list }}"))
                .isEqualTo("[3000000000, 3000000001, 3000000002]");
        assertThat(render("{{ range(2147483646, 2147483650)|length }}")).isEqualTo("4");
    }

    private static String render(String template) {
        Budget budget = new Budget(LIMITS);
        return JinjaTemplate.compile(template, budget).render(Map.of(), Clock.systemUTC(), budget);
    }
}
