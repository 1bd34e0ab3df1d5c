package dev.weft.system.chaos;

import dev.weft.access.client.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL that may crash, and starts again with its files at its port. */
final class Postgres implements AutoCloseable {
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    /**
     * Starts it.
     *
     * @param data folder of its files; need not exist
     */
    Postgres(Path data) throws IOException {
        this.data = data;
        this.port = FreePort.find();
        this.server = start();
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // the builder turns it off, and a crash then loses what was committed
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    /** Its one database, as {@code weft.catalog.database} names it. */
    String address() {
        return "jdbc:postgresql://postgres:postgres@localhost:" + port + "/postgres";
    }

    /** Ends it at once: connections break, and its next start recovers what was committed. */
    void crash() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
        Process kill = new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -QUIT " + pid + " failed");
        }
    }

    /** Starts it after a crash. */
    void startAgain() throws IOException {
        server.close();
        server = start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
