package dev.weft.inference.cpu.kernel.trial;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the choices of this machine in a file of properties, so that a worker computes with the
 * same kernels after each start. A file of another machine is not used, and written anew. Without a
 * file, or if it can't be read or written, the choice holds for this process. Any thread.
 */
final class KernelRecord {
    private static final Logger LOG = LoggerFactory.getLogger(KernelRecord.class);

    private static final String MACHINE = "machine";

    /** Choices without a file, by machine: two engines of a process compute alike. */
    private static final Map<String, Properties> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private final @Nullable Path file;
    private final String machine;
    private final Properties entries;

    /** What the file held when it was read or written last. */
    private final Properties seen = new Properties();

    private volatile boolean isChanged;

    /**
     * Reads a record.
     *
     * @param machine all that a choice depends on
     */
    KernelRecord(@Nullable Path file, String machine) {
        this.file = file;
        this.machine = machine;
        this.entries =
                file == null
                        ? OF_THIS_PROCESS.computeIfAbsent(machine, _ -> new Properties())
                        : read(file, machine);
        seen.putAll(entries);
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(entries.getProperty(key));
    }

    /** Entries whose key begins with the prefix, by the rest of their key. */
    Map<String, String> startingWith(String prefix) {
        return entries.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(
                        Collectors.toMap(
                                key -> key.substring(prefix.length()),
                                entries::getProperty,
                                (first, _) -> first,
                                TreeMap::new));
    }

    /** Adds an entry, which {@link #write} writes. */
    void put(String key, String value) {
        entries.setProperty(key, value);
        isChanged = true;
    }

    /**
     * Writes the file, all of it or nothing, if entries were added since it was written. Entries
     * that other workers of the machine have written since it was read are taken over, and win.
     */
    void write() {
        if (file == null || !isChanged) {
            return;
        }
        isChanged = false;
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            // two that write at the same moment may still lose what one of them has measured
            merge(read(file, machine));
            Path written = Files.createTempFile(folder, "kernels", "");
            try {
                try (Writer to = Files.newBufferedWriter(written)) {
                    entries.store(to, "Kernels by shape, chosen by measuring. May be deleted.");
                }
                Files.move(
                        written,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            LOG.warn("The choice of kernels is not kept: {} can't be written: {}", file, e);
        }
    }

    private void merge(Properties now) {
        now.forEach((key, value) -> {
            if (!value.equals(seen.get(key))) {
                entries.put(key, value);
            }
        });
        seen.putAll(entries);
    }

    private static Properties read(Path file, String machine) {
        Properties kept = new Properties();
        try (Reader from = Files.newBufferedReader(file)) {
            kept.load(from);
        } catch (NoSuchFileException e) {
            LOG.debug("no record of kernels at {}", file);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("Kernels are chosen anew: {} can't be read: {}", file, e.toString());
            kept.clear();
        }
        if (!machine.equals(kept.getProperty(MACHINE))) {
            kept.clear();
            kept.setProperty(MACHINE, machine);
        }
        return kept;
    }
}
