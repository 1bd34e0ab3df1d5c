package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.team.Team;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MissingOneDnnTest {
    @Test
    void theVectorApiServesHoweverOftenKernelsAreOpened() throws Exception {
        assertThat(said("AUTO").lines().filter(line -> line.startsWith("runs on ")))
                .hasSize(2 * Precision.values().length)
                .containsOnly("runs on " + VectorMath.instructionSet());
    }

    @Test
    void aDeploymentThatAsksForItIsToldSoEachTime() throws Exception {
        assertThat(said("ONEDNN").lines().filter(line -> line.startsWith("refused: ")))
                .hasSize(2 * Precision.values().length)
                .allMatch(line -> line.contains("weft.inference.kernels is onednn"));
    }

    /** What a process says that finds no library for its platform. */
    private static String said(String choice) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // vectors as long as this process has
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-XX:UseAVX"))
                .forEach(command::add);
        command.addAll(
                List.of(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.bytedeco.javacpp.platform=linux-none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Without.class.getName(),
                        choice));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Opens kernels as the worker and {@code config show} do, twice. */
    static final class Without {
        private Without() {}

        public static void main(String[] args) {
            Kernels.Choice choice = Kernels.Choice.valueOf(args[0]);
            try (Team team = new Team(1)) {
                for (int i = 0; i < 2; i++) {
                    for (Precision precision : Precision.values()) {
                        System.out.println(said(choice, precision, team));
                    }
                }
            }
        }

        private static String said(Kernels.Choice choice, Precision precision, Team team) {
            try {
                return "runs on " + Kernels.open(choice, precision, team, 1).instructionSets();
            } catch (IllegalStateException e) {
                return "refused: " + e.getMessage();
            }
        }
    }
}
