package dev.weft.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.weft.access.client.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real redis-server on a free port of loopback, which keeps nothing on disk. It is Debian's: the
 * machine's, or the one that {@code src/test/setup} has unpacked.
 */
public final class RedisServer implements AutoCloseable {
    private static final Path UNPACKED =
            Path.of("..", "src", "test", "target", "redis", "usr").toAbsolutePath().normalize();

    private final Path folder;
    private final List<String> arguments;
    private final int port = FreePort.find();
    private Process process;

    /**
     * Starts one. A test that needs it is left out if it can't be had.
     *
     * @param folder for what it writes
     * @param arguments beside those that say where it listens; {@code PORT} stands for its port
     */
    public static RedisServer start(Path folder, String... arguments) {
        return new RedisServer(folder, List.of(arguments));
    }

    private RedisServer(Path folder, List<String> arguments) {
        this.folder = folder;
        this.arguments = arguments;
        this.process = run();
    }

    public int port() {
        return port;
    }

    /** Its address without a password. */
    public String address() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends it a signal, e.g. {@code -STOP}. */
    public void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill " + signal + " failed");
        }
    }

    /** Ends it as a crash would; all that it held is lost. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts it again, empty, at the same port. */
    public void restart() {
        process = run();
    }

    private Process run() {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(
                List.of(
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        folder.toString()));
        arguments.forEach(argument -> command.add(argument.replace("PORT", "" + port)));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile());
        builder.environment().put("LD_LIBRARY_PATH", libraries());
        try {
            Process started = builder.start();
            awaitListening(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(path.split(File.pathSeparator, -1)).map(Path::of),
                        Stream.of(UNPACKED.resolve("bin")))
                .map(folder -> folder.resolve("redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() ->
                        abort("missing: redis-server, which ./weft test installs from Debian"));
    }

    /** Those that came with the one that was unpacked. */
    private static String libraries() {
        try (Stream<Path> folders =
                Files.isDirectory(UNPACKED.resolve("lib"))
                        ? Files.list(UNPACKED.resolve("lib"))
                        : Stream.<Path>empty()) {
            return folders.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening(Process started) throws IOException {
        Instant end = Instant.now().plus(Duration.ofMinutes(1));
        while (!listens()) {
            if (!started.isAlive() || Instant.now().isAfter(end)) {
                started.destroyForcibly();
                throw new AssertionError(
                        "redis-server does not listen:\n"
                                + Files.readString(folder.resolve("redis.log")));
            }
            Thread.onSpinWait();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Also ends one that was stopped. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
