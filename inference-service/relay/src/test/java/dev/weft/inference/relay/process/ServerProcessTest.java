package dev.weft.inference.relay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.loop.Loops;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are shell scripts: they note their process and what they were given. */
@Timeout(240)
class ServerProcessTest {
    /** The process of a worker that runs no more. */
    private static final String GONE = "1 1";

    @TempDir private Path folder;

    private ServerProcess process(String script) {
        ServerCommand command =
                new ServerCommand(
                        List.of("sh", "-c", script, "sh", folder.toString()),
                        Map.of("PLAIN", "1"),
                        Map.of(folder.resolve("options/file"), "text"));
        return new ServerProcess(
                command, Map.of("SECRET", "2"), folder.resolve("state/processes"), new Loops());
    }

    private List<String> noted() throws Exception {
        Path notes = folder.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    private void awaitNotes(int count) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (noted().size() < count) {
            assertThat(System.nanoTime()).as("%s of %d notes", noted(), count).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Optional<ProcessHandle> noted(int line) throws Exception {
        return ProcessHandle.of(Long.parseLong(noted().get(line).split(" ", -1)[0]));
    }

    @Test
    void aServerThatEndsIsStartedAgainWithItsFilesAndVariables() throws Exception {
        try (ServerProcess server =
                process("echo $$ $PLAIN $SECRET $(cat $1/options/file) >> $1/notes")) {
            server.start();
            awaitNotes(2);
        }
        assertThat(noted()).allMatch(line -> line.endsWith(" 1 2 text"));
    }

    /** A shell's child outlives it; it would hold memory and port. */
    @Test
    void helpersOfAServerThatEndedAreEnded() throws Exception {
        try (ServerProcess server =
                process("sleep 600 & echo $! >> $1/notes; sleep 2; kill -9 $$")) {
            server.start();
            awaitNotes(2);
            Optional<ProcessHandle> helper = noted(0);
            if (helper.isPresent()) {
                helper.get().onExit().get();
            }
        }
        Optional<ProcessHandle> last = noted(noted().size() - 1);
        if (last.isPresent()) {
            last.get().onExit().get();
        }
    }

    /** It hears no signal that it could pass over, and its helper holds the memory. */
    @Test
    void aServerThatHangsIsStartedAgainWithoutItsHelpers() throws Exception {
        try (ServerProcess server =
                process(
                        "trap '' TERM; sleep 600 & echo $! >> $1/notes; while :; do sleep 1;"
                                + " done")) {
            server.start();
            awaitNotes(1);
            ProcessHandle helper = noted(0).orElseThrow();
            server.startAgain();
            helper.onExit().get();
            awaitNotes(2);
        }
    }

    /** The worker would take whoever listens there for its server. */
    @Test
    void aPortThatAnotherProcessHasIsRefused() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            ServerCommand command =
                    new ServerCommand(
                            List.of("sh", "-c", "exit 0", "sh", "--port", port),
                            Map.of(),
                            Map.of());
            try (ServerProcess server =
                    new ServerProcess(
                            command, Map.of(), folder.resolve("state/processes"), new Loops())) {
                assertThatThrownBy(server::start)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(
                                "weft.relay.command: another process listens on port " + port);
            }
        }
    }

    @Test
    void aServerThatDoesNotHearTermIsKilled() throws Exception {
        ServerProcess server =
                process("trap '' TERM; echo $$ >> $1/notes; while :; do sleep 1; done");
        server.start();
        awaitNotes(1);
        ProcessHandle process = noted(0).orElseThrow();
        server.close();
        process.onExit().get();
    }

    /** A worker that is killed leaves it running. */
    @Test
    void aServerThatAnEarlierWorkerHasLeftIsEnded() throws Exception {
        Process left = new ProcessBuilder("sh", "-c", "sleep 600 & wait").start();
        Path notes = Files.createDirectory(folder.resolve("state")).resolve("processes");
        new ProcessNotes(notes, GONE).write(List.of(left.toHandle()));
        try (ServerProcess server = process("echo $$ >> $1/notes; exec sleep 600")) {
            server.start();
            assertThat(left.isAlive()).isFalse();
            awaitNotes(1);
            ProcessHandle now = noted(0).orElseThrow();
            assertThat(notes.resolve("1-1")).doesNotExist();
            try (Stream<Path> files = Files.list(notes)) {
                assertThat(Files.readString(files.findFirst().orElseThrow()))
                        .startsWith(now.pid() + " ");
            }
        }
        assertThat(notes).isEmptyDirectory();
    }

    /** Two workers may have one data folder. */
    @Test
    void aServerOfAnotherWorkerThatRunsIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        Process itsServer = new ProcessBuilder("sleep", "600").start();
        try {
            Path notes = Files.createDirectory(folder.resolve("state")).resolve("processes");
            String worker =
                    other.pid()
                            + " "
                            + other.toHandle().info().startInstant().orElseThrow().toEpochMilli();
            new ProcessNotes(notes, worker).write(List.of(itsServer.toHandle()));
            Path file = notes.resolve(worker.replace(' ', '-'));
            Files.copy(file, notes.resolve(file.getFileName() + ".part")); // as it writes it anew
            try (ServerProcess server = process("echo $$ >> $1/notes; exec sleep 600")) {
                server.start();
                awaitNotes(1);
            }
            assertThat(itsServer.isAlive()).isTrue();
            assertThat(file).exists();
        } finally {
            other.destroyForcibly();
            itsServer.destroyForcibly();
        }
    }

    /** Numbers of processes are given again. */
    @Test
    void anotherProgramWithItsNumberIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Path notes = Files.createDirectory(folder.resolve("state")).resolve("processes");
            Files.createDirectory(notes);
            Files.writeString(notes.resolve("1-1"), other.pid() + " 1000\nno process\n");
            try (ServerProcess server = process("echo $$ >> $1/notes; exec sleep 600")) {
                server.start();
                awaitNotes(1);
            }
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    /** A worker that ends while its server is about to be started again starts none. */
    @Test
    void nothingIsStartedOnceItIsClosed() throws Exception {
        ServerProcess server = process("echo $$ >> $1/notes; exec sleep 600");
        server.close();
        server.launch();
        assertThat(noted()).isEmpty();
        assertThat(folder.resolve("state/processes")).doesNotExist();
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        ServerCommand missing = new ServerCommand(List.of("/nowhere/vllm"), Map.of(), Map.of());
        try (ServerProcess server =
                new ServerProcess(missing, Map.of(), folder.resolve("processes"), new Loops())) {
            assertThatThrownBy(server::start)
                    .hasMessageContaining("weft.relay.command: /nowhere/vllm");
        }
    }
}
