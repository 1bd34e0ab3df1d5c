package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextRunsTest {
    private final TextRuns runs = new TextRuns(10);

    @ParameterizedTest
    @CsvSource({"a😀b,a😀b", "\ud83da,\ufffda", "a\ude00😀,a\ufffd😀", "\ude00\ud83d,\ufffd\ufffd"})
    void halvesOfPairsAreReplacedAndNothingElse(String text, String checked) {
        assertThat(runs.checked(text)).isEqualTo(checked);
    }

    @Test
    void runsAreBounded() {
        String words = ("word" + " ".repeat(10)).repeat(1_000);
        assertThat(runs.checked(words)).isSameAs(words);
        assertThatThrownBy(() -> runs.checked("a" + "\n \u3000\u0085".repeat(3)))
                .isInstanceOf(TextRuns.LongRunException.class)
                .hasMessage("it has more than 10 characters of white space in a row");
        String word = "x".repeat(TextRuns.LONGEST);
        assertThat(runs.checked(word + " " + word)).hasSize(2 * TextRuns.LONGEST + 1);
        assertThatThrownBy(() -> runs.checked(word + "x"))
                .hasMessageContaining("without white space");
    }
}
