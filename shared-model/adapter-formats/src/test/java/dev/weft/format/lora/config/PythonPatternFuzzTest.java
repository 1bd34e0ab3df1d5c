package dev.weft.format.lora.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** An adapter's expression matches within its budget, or is refused by name. */
class PythonPatternFuzzTest {
    private static final String MODULE = "model.layers.11.self_attn.q_proj";

    /** The first line is the expression, the rest the text to match. */
    @FuzzTest
    void matchesWithinItsBudget(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        String expression = line < 0 ? text : text.substring(0, line);
        var budget = new PythonPattern.Budget(100_000);
        try {
            PythonPattern pattern = PythonPattern.compile("", expression, "");
            pattern.matchesWhole(MODULE, budget);
            pattern.matchesStart(line < 0 ? MODULE : text.substring(line + 1), budget);
        } catch (PythonPattern.InvalidPatternException e) {
            // the reader of the configuration turns it into a reason
        }
    }
}
