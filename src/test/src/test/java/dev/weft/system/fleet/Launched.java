package dev.weft.system.fleet;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code weft serve} or {@code weft run} in its own process, as a user starts it. */
public final class Launched implements AutoCloseable {
    private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    /** Those of the Vector API take three times as long without the optimising compiler. */
    private static final String PLAIN_KERNELS = "weft.inference.kernels=reference";

    /** The jars of this JVM's class path, without the tests' own classes. */
    static final List<Path> CLASS_PATH = classPath();

    private static final Pattern CATALOG = Pattern.compile("(?m)^catalog +(http://\\S+)");

    private final Process process;
    private final Path log;
    private final List<String> said = new ArrayList<>();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private Launched(Process process, Path log) {
        this.process = process;
        this.log = log;
        // reading a pipe holds a carrier of virtual threads, of which there are few
        Thread.ofPlatform().daemon().start(this::listen);
    }

    /**
     * Starts it on free ports, without the optimising compiler: it is asked little, and lives for a
     * minute.
     *
     * @param folder folder for its state and its log; need not exist
     * @param environment variables added to this process's own
     * @param settings each as {@code KEY=VALUE}
     */
    public static Launched serve(
            Path file, Path folder, Map<String, String> environment, String... settings)
            throws IOException {
        return serve(List.of(FIRST_COMPILER), file, folder, environment, plain(settings));
    }

    /** The same with the optimising compiler, for tests that have it decode many tokens. */
    public static Launched serveOptimised(
            Path file, Path folder, Map<String, String> environment, String... settings)
            throws IOException {
        return serve(List.of(), file, folder, environment, settings);
    }

    private static Launched serve(
            List<String> flags,
            Path file,
            Path folder,
            Map<String, String> environment,
            String... settings)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("weft.catalog.port=0", "weft.inference.port=0"));
        return start(List.of(), flags, List.of("serve"), 0, file, folder, environment, all);
    }

    /** Starts one service on a free port; the same otherwise. */
    public static Launched run(
            String service,
            Path file,
            Path folder,
            Map<String, String> environment,
            String... settings)
            throws IOException {
        return runBy(List.of(), service, file, folder, environment, settings);
    }

    /** As {@link #run}, for a service that is asked little, as {@link #serve} starts it. */
    public static Launched runPlain(
            String service,
            Path file,
            Path folder,
            Map<String, String> environment,
            String... settings)
            throws IOException {
        return start(
                List.of(),
                List.of(FIRST_COMPILER),
                List.of("run", service),
                0,
                file,
                folder,
                environment,
                List.of(plain(settings)));
    }

    private static String[] plain(String... settings) {
        return Stream.concat(Stream.of(PLAIN_KERNELS), Stream.of(settings)).toArray(String[]::new);
    }

    /** As {@link #run}, but by another command that is put before it. */
    public static Launched runBy(
            List<String> command,
            String service,
            Path file,
            Path folder,
            Map<String, String> environment,
            String... settings)
            throws IOException {
        List<String> run = List.of("run", service);
        List<String> flags = compiler(service);
        return start(command, flags, run, 0, file, folder, environment, List.of(settings));
    }

    /** Starts one service on a port, at which the others find its successor, too. */
    public static Launched runAt(
            int port, String service, Path file, Path folder, String... settings)
            throws IOException {
        List<String> run = List.of("run", service);
        List<String> flags = compiler(service);
        return start(List.of(), flags, run, port, file, folder, Map.of(), List.of(settings));
    }

    /** What has no kernels lives too shortly for the optimising compiler to pay. */
    private static List<String> compiler(String service) {
        return service.equals("worker") ? List.of() : List.of(FIRST_COMPILER);
    }

    /** Starts the sample as {@link #serve} does, with more flags and no shared classes. */
    static Launched sample(List<String> flags, Path folder) throws IOException {
        List<String> all = new ArrayList<>(flagsHere());
        all.add(FIRST_COMPILER);
        all.addAll(flags);
        List<String> command = weft(all);
        command.add("serve");
        command.addAll(options(Sample.deploymentFile(), 0, folder));
        for (String each : plain("weft.catalog.port=0", "weft.inference.port=0")) {
            command.addAll(List.of("--set", each));
        }
        return launch(command, folder, Map.of());
    }

    private static Launched start(
            List<String> before,
            List<String> compiler,
            List<String> service,
            int port,
            Path file,
            Path folder,
            Map<String, String> environment,
            List<String> settings)
            throws IOException {
        List<String> flags = new ArrayList<>(flagsHere());
        flags.addAll(compiler);
        flags.addAll(ClassArchive.flags());
        List<String> command = new ArrayList<>(before);
        command.addAll(weft(flags));
        command.addAll(service);
        command.addAll(options(file, port, folder));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        return launch(command, folder, environment);
    }

    /** The flags that engines need, as given to this JVM, without its agents. */
    private static List<String> flagsHere() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent"))
                .toList();
    }

    private static List<String> options(Path file, int port, Path folder) {
        String data = folder.resolve("data").toString();
        return List.of(file.toString(), "--port", "" + port, "--data", data);
    }

    private static Launched launch(
            List<String> command, Path folder, Map<String, String> environment) throws IOException {
        Path log = Files.createDirectories(folder).resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        return new Launched(builder.start(), log);
    }

    /** Runs another command, as a user does; returns its output and exit code. */
    public static Program.Finished command(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = weft(List.of(FIRST_COMPILER, "-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return Program.finish(builder, 180);
    }

    private static List<String> weft(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        String classPath =
                CLASS_PATH.stream().map(Path::toString).collect(joining(File.pathSeparator));
        command.addAll(List.of("-cp", classPath, "dev.weft.standalone.Weft"));
        return command;
    }

    private static List<Path> classPath() {
        Path own = Path.of("target").toAbsolutePath();
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.startsWith(own))
                .toList();
    }

    private void listen() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (said) {
                    said.add(line);
                }
                if (line.startsWith("ready ")) {
                    ready.complete(URI.create(line.substring("ready ".length()).strip()));
                }
            }
            ready.completeExceptionally(new AssertionError("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** The address of the catalog that {@code weft serve} has started, once it is ready. */
    public URI catalog() {
        Matcher found = CATALOG.matcher(output());
        if (!found.find()) {
            throw new AssertionError("no catalog in its output:\n" + output());
        }
        return URI.create(found.group(1));
    }

    /** Waits until it says that it is ready; returns its address, for serve the gateway's. */
    public URI awaitReady() throws Exception {
        try {
            return ready.get(240, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not ready; its log:\n" + log(), e);
        }
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Its output. */
    public String output() {
        synchronized (said) {
            return String.join("\n", said);
        }
    }

    /**
     * Tells it to end; false if it doesn't. It ends within 5 s, and on a machine that others fill
     * in several times that.
     */
    public boolean end() throws InterruptedException {
        process.destroy();
        return process.waitFor(40, TimeUnit.SECONDS);
    }

    /** Sends it a signal, e.g. {@code -STOP}. */
    public void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill " + signal + " failed");
        }
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }
}
