package dev.weft.system.fleet;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another program that tests run: one that src/test/setup has unpacked, or the machine's. */
public record Program(Path file) {
    private static final Path UNPACKED = Path.of("target", "prometheus", "usr", "bin");

    /** The folder of the npm packages that src/test/setup has installed. */
    public static final Path NPM = Path.of("target", "npm", "node_modules").toAbsolutePath();

    private static final int MOST_SECONDS = 300;

    public record Finished(int exit, String output) {}

    /** Finds a program; a test that needs a missing one is left out. */
    public static Program named(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(UNPACKED),
                        Stream.of(path.split(File.pathSeparator, -1)).map(Path::of))
                .map(folder -> folder.resolve(name).toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst()
                .map(Program::new)
                .orElseGet(() -> missing(name));
    }

    /**
     * The Node that runs npm packages.
     *
     * @param packages folder in which each of the packages must be
     */
    public static Program node(Path packages, String... names) {
        for (String name : names) {
            if (!Files.isDirectory(packages.resolve(name))) {
                missing("npm's " + name);
            }
        }
        return named("node");
    }

    private static Program missing(String what) {
        return abort("missing: " + what + ", which ./weft test installs");
    }

    public ProcessBuilder with(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(file.toString());
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs it to its end. */
    public Finished run(String... arguments) throws IOException, InterruptedException {
        return finish(with(List.of(arguments)), MOST_SECONDS);
    }

    /** Runs it to its end in a folder. */
    public Finished runIn(Path folder, int mostSeconds, String... arguments)
            throws IOException, InterruptedException {
        return finish(with(List.of(arguments)).directory(folder.toFile()), mostSeconds);
    }

    public static Finished finish(ProcessBuilder builder, int mostSeconds)
            throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<byte[]> output =
                CompletableFuture.supplyAsync(
                        () -> readAll(process), read -> Thread.ofPlatform().daemon().start(read));
        if (!process.waitFor(mostSeconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    builder.command().getFirst() + " did not end within " + mostSeconds + " s");
        }
        return new Finished(process.exitValue(), new String(output.join(), StandardCharsets.UTF_8));
    }

    private static byte[] readAll(Process process) {
        try {
            return process.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
