package dev.weft.standalone.bench.gateway;

import dev.weft.standalone.failure.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of the same JVM and classes, which says {@code ready URL} once it listens. */
final class MeasuredProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final String name;
    private final Process process;
    private final Path log;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private MeasuredProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Thread.ofPlatform().daemon().start(this::listen);
    }

    /**
     * Starts a process.
     *
     * @param folder for its log
     * @param environment beside that of this process
     * @param command main class and arguments
     */
    static MeasuredProcess start(
            String name, Path folder, Map<String, String> environment, List<String> command)
            throws CommandException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent"))
                .forEach(line::add);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(command);
        Path log = folder.resolve(name.replace(' ', '-') + ".log");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new MeasuredProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new CommandException("the " + name + " can't be started: " + e, e);
        }
    }

    private void listen() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("ready ")) {
                    ready.complete(URI.create(line.substring("ready ".length()).strip()));
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("it ended before it was ready"));
    }

    /** Waits until it listens. */
    URI address() throws CommandException, InterruptedException {
        try {
            return ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandException("the " + name + " is not ready; its log: " + log, e);
        }
    }

    /** CPU time that it has used, in seconds. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(0.0);
    }

    /** Memory that it holds, in MB; 0 if the system does not tell. */
    long megabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
