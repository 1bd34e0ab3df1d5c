package dev.weft.inference.tensorrtllm.backend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The native parts that the tests need beside the real libtritonserver, compiled with gcc when
 * first asked for, once in a JVM: the backends, and stand-ins for the libraries of DCGM, CUDA and
 * NVML, which a machine without a GPU lacks.
 */
public final class TestBackend {
    private static final List<String> SOURCES =
            List.of(
                    "triton.h",
                    "decoder.h",
                    "guide.h",
                    "lora_cache.h",
                    "sampler.h",
                    "signals.h",
                    "support.c",
                    "decoder.c",
                    "guide.c",
                    "lora_cache.c",
                    "sampler.c",
                    "signals.c",
                    "tensorrtllm.c",
                    "llmapi.c",
                    "nvidia/dcgm.c",
                    "nvidia/nvml.c",
                    "nvidia/cudart.c",
                    "nvidia/cudart.map");

    private static final List<String> FLAGS =
            List.of(
                    "-std=gnu11",
                    "-O3",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-fPIC",
                    "-shared",
                    // sums in vector lanes; not -ffast-math, which changes the rounding mode of the
                    // process that loads the library
                    "-fno-math-errno",
                    "-fassociative-math",
                    "-fno-signed-zeros",
                    "-fno-trapping-math");

    private static final TestBackend ONE = compile();

    private final Path folder;

    private TestBackend(Path folder) {
        this.folder = folder;
    }

    /** Folder of Triton's backends. */
    public static Path backends() {
        return ONE.folder.resolve("backends");
    }

    /**
     * Folder with the stand-ins: {@code LD_LIBRARY_PATH} of a process that is to load
     * libtritonserver.
     */
    public static Path libraries() {
        return ONE.folder;
    }

    /** Loads the stand-ins into this process, where libtritonserver finds them by their names. */
    @SuppressWarnings("restricted")
    public static void load() {
        System.load(ONE.folder.resolve("libdcgm.so.4").toString());
        System.load(ONE.folder.resolve("libcuda.so.1").toString());
        System.load(ONE.folder.resolve("libcudart.so.13").toString());
        System.load(ONE.folder.resolve("libnvidia-ml.so.1").toString());
    }

    private static TestBackend compile() {
        try {
            Path folder = Files.createTempDirectory("weft-test-backend");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            Files.createDirectories(folder.resolve("nvidia"));
            for (String source : SOURCES) {
                try (InputStream from = TestBackend.class.getResourceAsStream(source)) {
                    if (from == null) {
                        throw new IllegalStateException("backend/" + source + " is missing");
                    }
                    Files.copy(from, folder.resolve(source), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            // for libraries that must be there by their name
            Files.writeString(folder.resolve("empty.c"), "");
            gcc(folder, "libdcgm.so.4", "nvidia/dcgm.c", "-Wl,-soname,libdcgm.so.4");
            gcc(
                    folder,
                    "libcudart.so.13",
                    "nvidia/cudart.c",
                    "-Wl,-soname,libcudart.so.13",
                    "-Wl,--version-script=nvidia/cudart.map");
            gcc(folder, "libcuda.so.1", "empty.c", "-Wl,-soname,libcuda.so.1");
            gcc(folder, "libnvidia-ml.so.1", "nvidia/nvml.c", "-Wl,-soname,libnvidia-ml.so.1");
            gcc(folder, "libsignals.so", "signals.c");
            Path link = Files.createDirectories(folder.resolve("link"));
            gcc(folder, "link/libtritonserver.so", "empty.c", "-Wl,-soname,libtritonserver.so");
            backend(
                    folder,
                    link,
                    "tensorrtllm",
                    "guide.c",
                    "lora_cache.c",
                    "signals.c",
                    "tensorrtllm.c");
            backend(folder, link, "python", "llmapi.c");
            return new TestBackend(folder);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the test backend was not compiled; gcc must be installed: " + e.getMessage(),
                    e);
        }
    }

    private static void backend(Path folder, Path link, String name, String... sources)
            throws IOException {
        Files.createDirectories(folder.resolve("backends").resolve(name));
        List<String> arguments = new ArrayList<>(Arrays.asList(sources));
        arguments.addAll(
                List.of(
                        "support.c",
                        "decoder.c",
                        "sampler.c",
                        "-L" + link,
                        "-Wl,--no-as-needed",
                        "-ltritonserver",
                        "-lm"));
        gcc(
                folder,
                "backends/" + name + "/libtriton_" + name + ".so",
                arguments.toArray(String[]::new));
    }

    private static void gcc(Path folder, String target, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("gcc"));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", target));
        command.addAll(Arrays.asList(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ":\n" + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
