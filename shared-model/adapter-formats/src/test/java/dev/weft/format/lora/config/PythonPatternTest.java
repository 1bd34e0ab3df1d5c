package dev.weft.format.lora.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonPatternTest {
    private static final String PATH = "model.layers.12.self_attn.q_proj";

    /** Expected values are those of Python's re.fullmatch. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                ".*q_proj true",
                "q_proj false",
                "model\\.layers\\.\\d+\\..*_proj true",
                "(?P<a>model)\\..* true",
                ".*\\.[]q]_proj true",
                ".*\\.[^]k]_proj true",
                ".*\\.[[&&q]_proj true",
                ".*\\.[q&&k]_proj true",
                ".*_proj\\Z true",
                "(?i)MODEL.* true",
                "model\\.layers\\.(1|2)\\..* false",
                "(?:model|x).*(?<!k)_proj true",
                ".*\\.(?!k_|v_)[a-z]_proj true",
                "(m)(o)(d)(e)(l).*\\3? true",
                "(m)(o)\\2?(d)(e)(l).*?(?:\\1|x|)\\Z true",
                "(?i:MODEL)\\b.*\\B_proj$ true",
                "^(?:|model)(?:|x)(?>\\.).*proj\\b true",
                "(|x)q_proj false",
                ".*(?<=(?:\\.q){1})_proj true",
                ".*(?<!(?:\\.q){1}(?:_|x)pr)oj false",
            })
    void matchesAsPythonDoes(String expression, boolean matches) {
        PythonPattern pattern = PythonPattern.compile("", expression, "");

        assertThat(pattern.matchesWhole(PATH, new PythonPattern.Budget(100_000)))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "a)",
                "\\Qa\\E",
                "\\p{L}",
                "\\h",
                "\\",
                "(?P=a)",
                "(?P<a",
                "(?(1)a|b)",
                "a{1000}{1000}",
                "(((){900}){900}){900}",
                "(){99999999}",
                "*a",
                "(*a)",
                "(?:?a)",
                "a|*b"
            })
    void refusesWhatJavaWouldReadOtherwiseOrNotAtAll(String expression) {
        assertThatThrownBy(() -> PythonPattern.compile("", expression, ""))
                .isInstanceOf(PythonPattern.InvalidPatternException.class);
    }

    @Test
    void refusesNestingAndLengthThatCouldExhaustTheStack() {
        assertThatThrownBy(() -> PythonPattern.compile("", "(".repeat(60) + ")".repeat(60), ""))
                .hasMessageContaining("nests deeper");
        assertThatThrownBy(() -> PythonPattern.compile("", "a".repeat(2001), ""))
                .hasMessageContaining("longer");
    }

    @Test
    void endsCatastrophicBacktrackingByItsBudget() {
        PythonPattern pattern = PythonPattern.compile("", "(([a-z_.0-9]+)+)+!", "");

        assertThatThrownBy(() -> pattern.matchesWhole(PATH, new PythonPattern.Budget(1_000_000)))
                .hasMessageContaining("too many steps");
    }

    /** Nothing of these reads a character by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"(?:|)", "()?", "\\b?", "\\B??", "^?", "$?", "\\A?", "(?=)?", "\\1?"})
    void endsChoicesBetweenCharactersByItsBudget(String choice) {
        PythonPattern pattern = PythonPattern.compile("", "(x?).*" + choice.repeat(60) + "!", "");

        assertThatThrownBy(() -> pattern.matchesWhole(PATH, new PythonPattern.Budget(1_000_000)))
                .hasMessageContaining("too many steps");
    }

    @Test
    void turnsAnExhaustedStackIntoAReason() {
        PythonPattern pattern = PythonPattern.compile("", "(a|b)*!", "");
        String text = "ab".repeat(200_000);

        assertThatThrownBy(() -> pattern.matchesWhole(text, new PythonPattern.Budget(1L << 40)))
                .hasMessageContaining("nests too deep");
    }
}
