package dev.weft.standalone.engine;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.protocol.file.WholeFile;
import dev.weft.standalone.engine.EnginePlan.Step;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a plan. Everything is made in a separate folder, which one rename at the end puts in the
 * engine's place: an engine is complete or absent. Each finished step leaves a mark, so that a
 * stopped build resumes after it. An unfinished step starts again.
 */
final class EngineBuild {
    private final EnginePlan plan;
    private final EngineFolder work;
    private final Duration timeout;
    private final Consumer<String> out;
    private final Clock clock;

    /**
     * @param timeout longest time of one command
     */
    EngineBuild(EnginePlan plan, Duration timeout, Consumer<String> out, Clock clock) {
        this.plan = plan;
        this.work = plan.folder().underWay();
        this.timeout = timeout;
        this.out = out;
        this.clock = clock;
    }

    /** A first step that may fail. */
    @FunctionalInterface
    interface Preparation {
        void run() throws CommandException;
    }

    /**
     * Builds the parts that aren't built yet.
     *
     * @param fetch fetches the checkpoint
     * @param fresh whether to remove first what an earlier build left unfinished
     */
    void run(Preparation fetch, boolean fresh) throws CommandException, InterruptedException {
        try {
            if (isBuilt()) {
                out.accept("built already: " + plan.folder().root());
                return;
            }
            Files.createDirectories(lockPath().getParent());
            try (FileChannel channel = lockFile();
                    FileLock _ = lock(channel)) {
                if (fresh) {
                    delete(work.root());
                }
                Files.createDirectories(work.root());
                begin();
                fetch.run();
                steps();
                finish();
            }
            Files.deleteIfExists(lockPath());
            out.accept("engine: " + plan.folder().root());
        } catch (IOException e) {
            throw new CommandException(work.root() + " can't be written: " + e, e);
        }
    }

    private boolean isBuilt() throws IOException, CommandException {
        Path root = plan.folder().root();
        if (!Files.exists(root)) {
            return false;
        }
        Path record = plan.folder().record();
        if (!Files.isRegularFile(record)) {
            throw new CommandException(
                    root
                            + " holds no engine that Weft built: remove it, or name another"
                            + " weft.triton.model-repository");
        }
        if (!Files.readString(record).equals(plan.record())) {
            throw new CommandException(
                    root
                            + " holds an engine of another plan: remove it, or name another"
                            + " weft.triton.model-repository");
        }
        return true;
    }

    /** The lock's path, beside the folder, which is renamed while the lock is held. */
    private Path lockPath() {
        return work.root().resolveSibling(work.root().getFileName() + ".lock");
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(lockPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private FileLock lock(FileChannel channel) throws IOException, CommandException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new CommandException("another build of " + plan.folder().root() + " goes on");
        }
        return lock;
    }

    /** Writes the plan; an existing one must be the same. */
    private void begin() throws IOException, CommandException {
        Path begun = work.root().resolve("plan.json");
        if (!Files.exists(begun)) {
            write(begun, plan.record());
            out.accept("the engine is built in " + work.root());
            return;
        }
        if (!Files.readString(begun).equals(plan.record())) {
            throw new CommandException(
                    work.root()
                            + " is half built from another plan: go on with the file it was begun"
                            + " with, or add --fresh to begin anew");
        }
        out.accept("the build goes on in " + work.root());
    }

    private void steps() throws IOException, CommandException, InterruptedException {
        int number = 1;
        for (Step step : plan.steps()) {
            String name = "[" + number++ + "/" + plan.steps().size() + "] " + step.name();
            Path mark = work.root().resolve(step.name() + ".done");
            if (Files.exists(mark)) {
                out.accept(name + ": done before");
                continue;
            }
            delete(step.output());
            Path log = work.root().resolve(step.name() + ".log");
            out.accept(name + ": " + step.shell());
            Instant start = clock.instant();
            new StepRun(step, log, timeout, out).run();
            check(step, log);
            write(mark, "");
            out.accept(
                    name
                            + ": done in "
                            + Duration.between(start, clock.instant()).toSeconds()
                            + " s");
        }
    }

    /** Checks a step's files: a command that succeeds without them has not done its work. */
    private static void check(Step step, Path log) throws CommandException {
        for (String file : step.makes()) {
            if (!Files.isRegularFile(step.output().resolve(file))) {
                throw new CommandException(
                        step.name()
                                + ": "
                                + step.command().getFirst()
                                + " ended without an error and without "
                                + step.output().resolve(file)
                                + "; its output is in "
                                + log);
            }
        }
    }

    private void finish() throws IOException {
        Files.createDirectories(work.modelVersion());
        write(work.modelConfig(), plan.model().configText());
        delete(work.checkpoint());
        write(work.record(), plan.record());
        Files.move(work.root(), plan.folder().root(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes a file completely or not at all. */
    private static void write(Path file, String text) throws IOException {
        WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
