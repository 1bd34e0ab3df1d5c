package dev.weft.standalone.engine;

import dev.weft.standalone.engine.EnginePlan.Step;
import dev.weft.standalone.failure.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs one command; its output goes to a log and to the waiting user. */
final class StepRun {
    private static final Duration END = Duration.ofSeconds(10);

    private final Step step;
    private final Path log;
    private final Duration timeout;
    private final Consumer<String> out;

    StepRun(Step step, Path log, Duration timeout, Consumer<String> out) {
        this.step = step;
        this.log = log;
        this.timeout = timeout;
        this.out = out;
    }

    /**
     * Runs the command until it succeeds.
     *
     * @throws CommandException with its exit code and the place of its output; it is ended if it
     *     takes too long or this thread is interrupted
     */
    void run() throws CommandException, InterruptedException {
        Process process = start();
        Thread stop = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            Thread reader = Thread.ofPlatform().daemon().start(() -> copy(process));
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("has not ended within " + timeout.toMinutes() + " min");
            }
            reader.join(END);
            if (process.exitValue() != 0) {
                throw failure("ended with exit code " + process.exitValue());
            }
        } finally {
            end(process);
            removeHook(stop);
        }
    }

    private Process start() throws CommandException {
        try {
            return new ProcessBuilder(step.command()).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new CommandException(
                    step.name()
                            + ": "
                            + step.command().getFirst()
                            + " can't be started ("
                            + e.getMessage()
                            + "): engine build runs inside the image of docs/tensorrt-llm.md;"
                            + " --tools, --python and --trtllm-build name tools that lie elsewhere",
                    e);
        }
    }

    private void copy(Process process) {
        try (BufferedReader from = process.inputReader();
                Writer to = Files.newBufferedWriter(log)) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                to.write(line + "\n");
                to.flush();
                out.accept("  | " + line);
            }
        } catch (IOException e) {
            out.accept("  | (" + log + " ends here: " + e.getMessage() + ")");
        }
    }

    private CommandException failure(String why) {
        return new CommandException(
                step.name()
                        + ": "
                        + step.command().getFirst()
                        + " "
                        + why
                        + "; its output is in "
                        + log
                        + ". The next engine build goes on with this step");
    }

    /** Ends the process with all that it started. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the JVM is ending; the hook runs or has run
            return;
        }
    }
}
