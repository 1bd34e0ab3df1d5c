package dev.weft.protocol.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "sql, sql, true",
        "sql, sql2, false",
        "sql, SQL, false",
        "sql-*, sql-, true",
        "sql-*, sql-a/b.c, true",
        "*, x, true",
        "*-prod, sql-prod, true",
        "*-prod, sql-prod-2, false",
        "a*b*c, abbc, true",
        "a*b*c, acb, false",
        "a**c, abc, true",
        "s.l, sql, false",
        "team/*, team/sql, true"
    })
    void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
        assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void noPatternTakesLong() {
        NamePattern pattern = NamePattern.of("a*".repeat(127) + "b");
        String name = "a".repeat(256);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        assertThat(pattern.matches(name)).isFalse();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a?", "[a]", "a\n"})
    void refusesWhatNoNameHas(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamePattern.of(text))
                .withMessageContaining("allowed");
    }

    @Test
    void isATextInJson() {
        JsonMapper json = JsonMapper.shared();
        assertThat(json.writeValueAsString(NamePattern.of("sql-*"))).isEqualTo("\"sql-*\"");
        assertThat(json.readValue("\"sql-*\"", NamePattern.class))
                .isEqualTo(NamePattern.of("sql-*"));
    }
}
