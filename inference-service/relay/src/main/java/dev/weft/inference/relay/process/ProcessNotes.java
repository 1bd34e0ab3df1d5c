package dev.weft.inference.relay.process;

import dev.weft.protocol.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that list the processes of servers, one a line: its process id and the time of its start in
 * milliseconds. Each worker has a file of its own, whose name has the same two numbers of the
 * worker's process. A worker that is killed leaves its server running, with the memory of the GPU;
 * the next worker ends it. The process id alone does not do: it may be another program's by then.
 * One thread at a time.
 */
final class ProcessNotes {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessNotes.class);
    private static final Duration ENDS_IN = Duration.ofSeconds(5);

    /**
     * Two start times closer than this are the same, since the clock that Linux tells them by may
     * be set.
     */
    private static final Duration SAME = Duration.ofSeconds(2);

    private final Path folder;
    private final Path file;
    private List<ProcessHandle> written = List.of();

    /**
     * @param folder of the files
     */
    ProcessNotes(Path folder) {
        this(folder, name(ProcessHandle.current()).orElse("0 0"));
    }

    /**
     * @param worker a line for the worker's own process
     */
    ProcessNotes(Path folder, String worker) {
        this.folder = folder;
        this.file = folder.resolve(worker.replace(' ', '-'));
    }

    private static Optional<String> name(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(start -> process.pid() + " " + start.toEpochMilli());
    }

    /** Writes the processes that run now into the file, if they have changed. */
    void write(List<ProcessHandle> processes) {
        if (processes.equals(written)) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (ProcessHandle process : processes) {
            name(process).ifPresent(line -> lines.append(line).append('\n'));
        }
        try {
            Files.createDirectories(folder);
            WholeFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
            written = List.copyOf(processes);
        } catch (IOException e) {
            LOG.warn(
                    "{} can't be written: a worker that is killed would leave its server: {}",
                    file,
                    e.toString());
        }
    }

    /** Deletes the file, since no process runs any more. */
    void clear() {
        written = List.of();
        delete(file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: {}", file, e.toString());
        }
    }

    /**
     * Ends the servers of workers that no longer run: each is asked to end, and killed a few
     * seconds later. The servers of workers that run are left alone.
     */
    void endEarlier() {
        for (Path left : others()) {
            end(left);
            delete(left);
        }
    }

    /** Files of workers that no longer run. */
    private List<Path> others() {
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(it -> !it.toString().endsWith(WholeFile.PART))
                    .filter(it -> running(it.getFileName().toString().replace('-', ' ')).isEmpty())
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} can't be read: {}", folder, e.toString());
            return List.of();
        }
    }

    private static void end(Path notes) {
        List<ProcessHandle> all = new ArrayList<>();
        for (ProcessHandle process : noted(notes)) {
            all.add(process);
            try (Stream<ProcessHandle> helpers = process.descendants()) {
                helpers.forEach(all::add);
            }
        }
        if (!all.isEmpty()) {
            LOG.warn("an earlier worker has left its server running; it is ended: {}", all);
            all.forEach(ProcessHandle::destroy);
            long end = System.nanoTime() + ENDS_IN.toNanos();
            all.forEach(process -> await(process, end - System.nanoTime()));
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void await(ProcessHandle process, long nanos) {
        try {
            process.onExit().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not end by itself", process, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<ProcessHandle> noted(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(ProcessNotes::running)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} can't be read: {}", file, e.toString());
            return List.of();
        }
    }

    /** The process that a line names; empty if it no longer runs. */
    private static Optional<ProcessHandle> running(String line) {
        String[] words = line.split(" ", -1);
        try {
            Instant start = Instant.ofEpochMilli(Long.parseLong(words[words.length - 1]));
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process ->
                            process.info()
                                    .startInstant()
                                    .filter(its ->
                                            Duration.between(its, start).abs().compareTo(SAME) < 0)
                                    .isPresent());
        } catch (NumberFormatException e) {
            LOG.warn("'{}' does not name a process", line, e);
            return Optional.empty();
        }
    }
}
