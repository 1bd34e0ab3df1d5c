package dev.weft.system;

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

/** A program beside Weft that tests run: one that src/test/setup has unpacked, or the machine's. */
record Program(Path file) {
    private static final Path UNPACKED = Path.of("target", "prometheus", "usr", "bin");
    private static final int MOST_SECONDS = 120;

    record Finished(int exit, String output) {}

    /** Fails where it is not there: a test that needs it must not pass without it. */
    static Program named(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(UNPACKED),
                        Stream.of(path.split(File.pathSeparator, -1)).map(Path::of))
                .map(folder -> folder.resolve(name).toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst()
                .map(Program::new)
                .orElseThrow(
                        () -> new AssertionError(name + " is not installed: ./weft test does it"));
    }

    ProcessBuilder with(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(file.toString());
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs it to its end. */
    Finished run(String... arguments) throws IOException, InterruptedException {
        return finish(with(List.of(arguments)), MOST_SECONDS);
    }

    /** Runs it to its end in a folder. */
    Finished runIn(Path folder, int mostSeconds, String... arguments)
            throws IOException, InterruptedException {
        return finish(with(List.of(arguments)).directory(folder.toFile()), mostSeconds);
    }

    static Finished finish(ProcessBuilder builder, int mostSeconds)
            throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<byte[]> output =
                CompletableFuture.supplyAsync(() -> readAll(process), Thread::startVirtualThread);
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
