package dev.weft.inference.tensorrtllm.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.tensorrtllm.backend.OnTriton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JVMs beside libraries that take their signal handlers, as TensorRT-LLM's MPI and UCX do. {@code
 * -Dweft.survival.seconds=60} gives them a minute.
 */
@OnTriton
@Timeout(600)
class SurvivalTest {
    private static final int SECONDS = Integer.getInteger("weft.survival.seconds", 6);
    private static final Path LIBJSIG =
            Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
    private static final Map<String, String> REMEDY = Map.of("LD_PRELOAD", LIBJSIG.toString());
    private static final String TAKEN = "handlers were set past libjsig and are taken back";

    @TempDir private Path folder;

    private record Outcome(int code, String said) {}

    @Test
    void aJvmLivesBesideTheEngine() throws Exception {
        Outcome outcome = run(REMEDY, SurvivalRun.How.ENGINE);

        assertThat(outcome.code).as(outcome.said).isZero();
        assertThat(outcome.said).contains("lives: ").doesNotContain("MPI_ABORT", TAKEN);
    }

    @Test
    void withoutLibjsigTheStartIsRefused() throws Exception {
        Outcome outcome = run(Map.of(), SurvivalRun.How.ENGINE);

        assertThat(outcome.code).as(outcome.said).isEqualTo(SurvivalRun.REFUSED);
        assertThat(outcome.said)
                .contains("SIGSEGV", "LD_PRELOAD=" + LIBJSIG)
                .doesNotContain("lives: ");
    }

    /** What the remedy is for: this test fails if the test backend takes nothing. */
    @Test
    void withoutLibjsigMpiEndsTheJvm() throws Exception {
        Outcome outcome = run(Map.of(), SurvivalRun.How.STOLEN);

        assertThat(outcome.code).as(outcome.said).isEqualTo(1);
        assertThat(outcome.said).contains("MPI_ABORT was invoked").doesNotContain("lives: ");
    }

    @Test
    void withLibjsigMpiDoesNot() throws Exception {
        Outcome outcome = run(REMEDY, SurvivalRun.How.STOLEN);

        assertThat(outcome.code).as(outcome.said).isZero();
        assertThat(outcome.said).contains("lives: ");
    }

    /** Somebody asks UCX for its handlers, which libjsig does not see. */
    @Test
    void handlersThatGoPastLibjsigAreTakenBack() throws Exception {
        Outcome outcome =
                run(
                        Map.of(
                                "LD_PRELOAD",
                                LIBJSIG.toString(),
                                "UCX_ERROR_SIGNALS",
                                "SIGSEGV,SIGBUS"),
                        SurvivalRun.How.ENGINE);

        assertThat(outcome.code).as(outcome.said).isZero();
        assertThat(outcome.said)
                .contains(
                        "lives: ", TAKEN, "SIGSEGV of ", "SIGBUS of ", "libtriton_tensorrtllm.so");
    }

    @Test
    void aCrashEndsInTheJvmsReport() throws Exception {
        Outcome outcome = run(REMEDY, SurvivalRun.How.CRASH);

        assertThat(outcome.code).as(outcome.said).isNotZero();
        assertThat(outcome.said)
                .contains("A fatal error has been detected by the Java Runtime Environment")
                .doesNotContain("MPI_ABORT");
    }

    private Outcome run(Map<String, String> environment, SurvivalRun.How how)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                // it leaves null checks to SIGSEGV whatever it has seen before
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-OmitStackTraceInFastThrow",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + folder.resolve("error.log"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SurvivalRun.class.getName(),
                                folder.toString(),
                                String.valueOf(SECONDS),
                                how.name()));
        builder.environment().remove("LD_PRELOAD");
        builder.environment().remove("UCX_ERROR_SIGNALS");
        builder.environment().putAll(environment);
        Path output = folder.resolve("output");
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        int code = process.waitFor();
        return new Outcome(code, Files.readString(output, StandardCharsets.UTF_8));
    }
}
