package dev.weft.inference.relay.process;

import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that the worker runs. If it ends, it is started again, after a pause that doubles up to
 * half a minute. Its output is the log's, line by line. A file tells the next worker which
 * processes it is, so that a worker that is killed leaves no server behind for long.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

    /** The server's own lines. */
    private static final Logger LINES = LoggerFactory.getLogger("dev.weft.inference.relay.server");

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A server that has run for so long was well. */
    private static final Duration WELL = Duration.ofMinutes(5);

    private static final Duration FREED_IN = Duration.ofSeconds(3);
    private static final Duration ENDS_IN = Duration.ofSeconds(3);

    private final ServerCommand command;
    private final Map<String, String> secrets;
    private final ProcessNotes notes;
    private final Loop loop;

    /**
     * Ends the server if the JVM is told to end while the worker starts, and nothing else would
     * close it yet.
     */
    private final Thread endsWithTheStart = new Thread(this::close, "server-process-end");

    /** Guarded by this, so that nothing is started once it is closed. */
    private boolean closed;

    private volatile @Nullable Process process;
    private volatile List<ProcessHandle> helpers = List.of();

    // used by the loop's thread
    private Duration pause = FIRST_PAUSE;
    private long startedAt;

    /**
     * Starts nothing yet.
     *
     * @param secrets of the environment; never shown
     * @param notes folder of files that tell which processes are servers of which worker
     */
    public ServerProcess(
            ServerCommand command, Map<String, String> secrets, Path notes, Loops loops) {
        this.command = command;
        this.secrets = Map.copyOf(secrets);
        this.notes = new ProcessNotes(notes);
        this.loop = loops.loop("server-process", this::turn);
    }

    /**
     * Ends a server that an earlier worker has left, then starts this one. Until {@link #started}
     * the server ends with the JVM.
     *
     * @throws IllegalStateException if there is no such program, its files can't be written, or
     *     another process has its port: the worker would take that one for its server
     */
    public void start() {
        LOG.info("starting {}", command);
        command.exposed()
                .ifPresent(host ->
                        LOG.warn(
                                "weft.relay.command has the server listen on {}: what reaches it"
                                        + " there is neither checked nor counted",
                                host));
        try {
            command.writeFiles();
        } catch (IOException e) {
            throw new IllegalStateException("the server's options can't be written: " + e, e);
        }
        Runtime.getRuntime().addShutdownHook(endsWithTheStart);
        notes.endEarlier();
        new GivenOptions(command.words()).port().ifPresent(ServerProcess::awaitFree);
        launch();
        loop.start();
    }

    /** The worker has started: it closes this once its last requests have ended. */
    public void started() {
        try {
            Runtime.getRuntime().removeShutdownHook(endsWithTheStart);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM ends, and the server with it", e);
        }
    }

    /**
     * Waits until a port is free: a process that has just ended may hold it for a moment longer.
     */
    private static void awaitFree(int port) {
        long end = System.nanoTime() + FREED_IN.toNanos();
        while (true) {
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "weft.relay.command: another process listens on port %d (%s): name a free port, or none"
                                    .formatted(port, e.getMessage()),
                            e);
                }
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the start was interrupted", e);
            }
        }
    }

    /** Starts the server, unless the worker ends. */
    synchronized void launch() {
        if (closed) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectErrorStream(true);
        builder.environment().putAll(command.environment());
        builder.environment().putAll(secrets);
        try {
            Process started = builder.start();
            started.getOutputStream().close();
            process = started;
            startedAt = System.nanoTime();
            notes.write(List.of(started.toHandle()));
            Thread.ofPlatform().daemon().name("server-output").start(() -> pass(started));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "weft.relay.command: %s can't be started: %s"
                            .formatted(command.words().getFirst(), e.getMessage()),
                    e);
        }
    }

    private static void pass(Process process) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LINES.info("{}", line);
            }
        } catch (IOException e) {
            LOG.debug("the server's output has ended", e);
        }
    }

    private Duration turn() {
        Process now = process;
        if (now == null) {
            return LOOK;
        }
        if (now.isAlive()) {
            look(now);
            return LOOK;
        }
        if (System.nanoTime() - startedAt > WELL.toNanos()) {
            pause = FIRST_PAUSE;
        }
        LOG.error(
                "the server has ended with {}; it is started again in {} s",
                now.exitValue(),
                pause.toSeconds());
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LOOK;
        }
        pause =
                pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                        ? LONGEST_PAUSE
                        : pause.multipliedBy(2);
        helpers.forEach(ProcessHandle::destroyForcibly);
        launch();
        return LOOK;
    }

    private synchronized void look(Process now) {
        helpers = helpers(now);
        if (!closed) {
            List<ProcessHandle> all = new ArrayList<>(helpers);
            all.add(now.toHandle());
            notes.write(all);
        }
    }

    /** Ends a server that hangs, with its helpers, so that it is started again. */
    public void startAgain() {
        Process now = process;
        if (now == null) {
            return;
        }
        List<ProcessHandle> all = allHelpers(now);
        now.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** The server's helpers, and those that were seen before, as the server may have just ended. */
    private List<ProcessHandle> allHelpers(Process now) {
        List<ProcessHandle> all = new ArrayList<>(helpers);
        all.addAll(helpers(now));
        return all;
    }

    /**
     * The processes that a server has started; they may outlive it and hold its memory and port.
     */
    private static List<ProcessHandle> helpers(Process process) {
        try (Stream<ProcessHandle> all = process.descendants()) {
            return all.toList();
        }
    }

    /** Ends the server: it is asked to, and a few seconds later it is killed. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        started();
        loop.close();
        Process now = process;
        if (now == null) {
            return;
        }
        List<ProcessHandle> all = allHelpers(now);
        now.destroy();
        try {
            if (!now.waitFor(ENDS_IN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the server does not end by itself, and is killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        now.destroyForcibly();
        notes.clear();
    }
}
