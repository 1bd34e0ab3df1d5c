package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that {@code ./weft} and the image start Java with libjsig if TensorRT-LLM may run. The JDK
 * is one whose {@code java} says how it was started.
 */
@EnabledOnOs(OS.LINUX)
class LibjsigTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path START =
            ROOT.resolve("deploy/standalone/src/main/container/start-beside-triton");

    @TempDir private Path folder;
    private Path jdk;

    @BeforeEach
    void makeJdk() throws IOException {
        jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("lib"));
        Files.copy(
                Path.of(System.getProperty("java.home"), "lib", "libjsig.so"),
                jdk.resolve("lib/libjsig.so"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        program(jdk.resolve("bin/javac"), "");
        program(
                jdk.resolve("bin/java"),
                "echo \"preload=${LD_PRELOAD:-none} ucx=${UCX_ERROR_SIGNALS-unset}"
                        + " last=$(for word; do :; done; echo \"$word\")\"");
    }

    @Test
    void weftLoadsItWhereTritonIs() throws Exception {
        Path triton = Files.createDirectory(folder.resolve("triton"));
        Map<String, String> there = Map.of("LD_LIBRARY_PATH", triton.toString());

        assertThat(weft(there, "serve", "file.yaml"))
                .isEqualTo("preload=none ucx=unset last=file.yaml\n");

        Files.createFile(triton.resolve("libtritonserver.so"));
        assertThat(weft(there, "serve", "file.yaml"))
                .isEqualTo("preload=" + libjsig() + " ucx= last=file.yaml\n");
        assertThat(weft(there, "run", "worker")).contains("preload=" + libjsig());
        assertThat(weft(there, "adapters")).contains("preload=none");
    }

    @Test
    void weftKeepsWhatIsPreloadedAndWhatUcxWasTold() throws Exception {
        Path triton = Files.createDirectory(folder.resolve("triton"));
        Files.createFile(triton.resolve("libtritonserver.so"));

        assertThat(
                        weft(
                                Map.of(
                                        "LD_LIBRARY_PATH",
                                        folder.resolve("none") + "::" + triton,
                                        "LD_PRELOAD",
                                        "libc.so.6",
                                        "UCX_ERROR_SIGNALS",
                                        "SIGILL"),
                                "serve"))
                .isEqualTo("preload=" + libjsig() + ":libc.so.6 ucx=SIGILL last=serve\n");
    }

    /** Its banner must not be taken for Weft's output. */
    @Test
    void theImageStartsJavaThroughNvidiasEntryPoint() throws Exception {
        Path nvidia = folder.resolve("nvidia_entrypoint.sh");
        program(nvidia, "echo == Triton ==; export CUDA=fits; exec \"$@\"");

        ProcessBuilder start = start(Map.of("WEFT_NVIDIA_ENTRYPOINT", nvidia.toString()), "a b");
        Path errors = folder.resolve("errors");
        Program.Finished ended =
                Program.finish(
                        start.redirectErrorStream(false).redirectError(errors.toFile()), 120);

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).isEqualTo("preload=" + libjsig() + " ucx= last=a b\n");
        assertThat(errors).content().isEqualTo("== Triton ==\n");
    }

    @Test
    void theImageSaysThatNvidiasEntryPointIsMissing() throws Exception {
        String none = folder.resolve("none").toString();

        Program.Finished ended =
                Program.finish(start(Map.of("WEFT_NVIDIA_ENTRYPOINT", none), "serve"), 120);

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output())
                .isEqualTo(
                        """
                        weft: %s is not here: nobody looks whether CUDA fits the driver
                        preload=%s ucx= last=serve
                        """
                                .formatted(none, libjsig()));
    }

    /** What an entry point refuses is not started. */
    @Test
    void theImageEndsIfNvidiasEntryPointDoes() throws Exception {
        Path nvidia = folder.resolve("nvidia_entrypoint.sh");
        program(nvidia, "echo the driver is too old; exit 9");

        Program.Finished ended =
                Program.finish(
                        start(Map.of("WEFT_NVIDIA_ENTRYPOINT", nvidia.toString()), "serve"), 120);

        assertThat(ended.exit()).isEqualTo(9);
        assertThat(ended.output()).isEqualTo("the driver is too old\n");
    }

    private Path libjsig() {
        return jdk.resolve("lib/libjsig.so");
    }

    private String weft(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder weft = new Program(ROOT.resolve("weft")).with(List.of(arguments));
        weft.environment().remove("LD_PRELOAD");
        weft.environment().put("JAVA_HOME", jdk.toString());
        weft.environment().put("WEFT_NO_BUILD", "1");
        weft.environment().putAll(environment);
        Program.Finished ended = Program.finish(weft, 120);
        assertThat(ended.exit()).as(ended.output()).isZero();
        return ended.output();
    }

    private ProcessBuilder start(Map<String, String> environment, String argument) {
        ProcessBuilder start =
                new Program(Path.of("/bin/bash"))
                        .with(
                                List.of(
                                        START.toString(),
                                        jdk.resolve("bin/java").toString(),
                                        argument));
        start.environment().remove("LD_PRELOAD");
        start.environment().putAll(environment);
        return start;
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
