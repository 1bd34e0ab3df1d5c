package dev.weft.inference.server.beside;

import dev.weft.inference.relay.process.ServerCommand;
import dev.weft.inference.relay.process.ServerProcess;
import dev.weft.protocol.loop.Loops;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server beside the worker, if the worker runs it.
 *
 * @param process null if somebody else runs the server
 */
public record RunningServer(@Nullable ServerProcess process) implements AutoCloseable {
    /**
     * Starts a server.
     *
     * @param data the worker's folder for state
     */
    public static RunningServer start(
            ServerCommand command, Map<String, String> secrets, Path data, Loops loops) {
        ServerProcess process =
                new ServerProcess(command, secrets, RelayPlan.processes(data), loops);
        process.start();
        return new RunningServer(process);
    }

    /** Somebody else runs the server. */
    public static RunningServer elsewhere() {
        return new RunningServer(null);
    }

    /** Whether the server outlives the worker. */
    public boolean isElsewhere() {
        return process == null;
    }

    /** The worker has started, and closes this when it ends. */
    void started() {
        if (process != null) {
            process.started();
        }
    }

    /** Restarts a server that hangs, if the worker runs it. */
    public void startAgain() {
        if (process != null) {
            process.startAgain();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
