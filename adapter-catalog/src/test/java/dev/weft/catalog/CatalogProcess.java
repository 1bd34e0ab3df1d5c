package dev.weft.catalog;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A catalog in its own process, which can be killed as by kill -9. */
final class CatalogProcess {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path address;
    private final Path log;

    private CatalogProcess(Process process, Path address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /**
     * Runs in the process. The arguments are the folder, the file for its address, and the
     * database.
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String database = arguments.length > 2 ? arguments[2] : null;
        CatalogService service =
                CatalogService.start(
                        RunningCatalog.options(folder, Duration.ofSeconds(60), database, 0));
        Path part = Path.of(arguments[1] + ".part");
        Files.writeString(part, service.address().toString());
        Files.move(part, Path.of(arguments[1]), StandardCopyOption.ATOMIC_MOVE);
        LockSupport.park(); // until it is killed
    }

    static CatalogProcess start(Path folder, @Nullable String database) throws Exception {
        Path address = Files.createTempFile(folder, "address", "");
        Files.delete(address);
        Path log = folder.resolve("process.log");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CatalogProcess.class.getName(),
                                folder.toString(),
                                address.toString()));
        if (database != null) {
            command.add(database);
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new CatalogProcess(process, address, log);
    }

    /** Its address, once it listens. */
    URI address() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(address)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                kill();
                throw new AssertionError("it did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return URI.create(Files.readString(address));
    }

    /** SIGKILL: it can do nothing more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
