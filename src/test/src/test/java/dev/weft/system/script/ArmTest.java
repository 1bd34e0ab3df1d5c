package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the options of {@code ./weft test arm}, which is a job of its own and brings much. */
class ArmTest {
    private static final Program TEST = new Program(Path.of("run").toAbsolutePath());

    @Test
    void saysWhatItDoesAndHowLongItTakesAtMost() throws Exception {
        Program.Finished help = TEST.run("arm", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.output())
                .startsWith("Usage: weft test arm [TEST]\n")
                .contains("Ends after 40 minutes at most.");
    }

    @ParameterizedTest
    @CsvSource({
        "--fast, unknown option --fast",
        "LinearTest AttentionTest, 'one argument, with commas between classes'"
    })
    void aWrongOptionIsNamed(String arguments, String message) throws Exception {
        Program.Finished wrong = TEST.run(("arm " + arguments).split(" "));
        assertThat(wrong)
                .isEqualTo(
                        new Program.Finished(2, "weft: weft test arm [TEST]: " + message + "\n"));
    }
}
