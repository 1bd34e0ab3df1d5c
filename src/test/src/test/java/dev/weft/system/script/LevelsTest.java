package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests {@code src/test/levels}, which says at which levels below its own a processor tests the
 * embedded engine.
 */
class LevelsTest {
    private static final Program LEVELS = new Program(Path.of("levels").toAbsolutePath());

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Zen 3 | fpu fma avx avx2 | ''",
                "Alder Lake | fpu fma avx avx2 avx_vnni | ''",
                "Skylake | avx avx2 avx512f avx512dq avx512bw avx512vl | avx2",
                "Cascade Lake | avx2 avx512f avx512bw avx512_vnni | avx512 avx2",
                "Zen 4 | avx2 avx512f avx512_bf16 avx512_vnni | avx512 avx2",
                "Sapphire Rapids | avx2 avx512f avx512_vnni avx512_bf16 amx_bf16 amx_tile"
                        + " | avx512-bf16 avx2"
            })
    void areThoseOfKernelsThatItDoesNotTakeItself(
            String processor, String flags, String levels, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("cpuinfo");
        Files.writeString(
                file, "model name\t: " + processor + "\nflags\t\t: " + flags + "\nbugs\t\t: x\n");
        assertThat(LEVELS.run(file.toString()).output().split("\\s+"))
                .containsExactly(levels.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({"'Features\t: fp asimd bf16\n'"})
    void areNoneOnArm(String text, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("cpuinfo"), text);
        assertThat(LEVELS.run(file.toString())).isEqualTo(new Program.Finished(0, ""));
    }
}
