package dev.weft.inference.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Memory that this process can still have on Linux, by the kernel's own figures: those of the
 * machine, and those of each control group (version 2 or 1) that the process is in and that has a
 * limit. Files that the page cache holds count as free, as the kernel drops them for whoever needs
 * the memory; those that a process has mapped don't, e.g. packed weights. A figure that is missing
 * or can't be read bounds nothing.
 *
 * @param root the folder that {@code /proc} and the groups' mounts are in
 */
record LinuxMemory(Path root) {
    /** How a version of control groups names its files and figures. */
    private enum Version {
        ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "total_", "total_mapped_file"),
        TWO("memory.max", "memory.current", "", "file_mapped");

        private final String limit;
        private final String usage;
        private final String prefix;
        private final String mapped;

        Version(String limit, String usage, String prefix, String mapped) {
            this.limit = limit;
            this.usage = usage;
            this.prefix = prefix;
            this.mapped = mapped;
        }

        private static boolean isOne(String controllers) {
            return List.of(controllers.split(",", -1)).contains("memory");
        }

        /** Whether a line of {@code /proc/self/cgroup} names the group that limits memory. */
        boolean isOf(String controllers) {
            return this == TWO ? controllers.isEmpty() : isOne(controllers);
        }

        /** Whether a mount holds the groups that limit memory. */
        boolean isMountedAs(String type, String options) {
            return this == TWO ? type.equals("cgroup2") : type.equals("cgroup") && isOne(options);
        }
    }

    /** Free bytes; empty if there are no such figures, as on other systems. */
    OptionalLong free() {
        LongStream groups =
                Stream.of(Version.values())
                        .flatMap(version -> groups(version).stream().map(it -> free(version, it)))
                        .flatMapToLong(OptionalLong::stream);
        return LongStream.concat(machine().stream(), groups).min();
    }

    private OptionalLong machine() {
        Map<String, Long> kilobytes = figures(root.resolve("proc/meminfo"));
        Long available = kilobytes.get("MemAvailable");
        if (available == null) {
            return OptionalLong.empty();
        }
        long mapped = 1024 * mapped(kilobytes, "Mapped", "Shmem");
        return OptionalLong.of(Math.max(0, 1024 * available - Math.max(mapped, own())));
    }

    /** Bytes of mapped files that this process has in memory. */
    private long own() {
        return 1024 * figures(root.resolve("proc/self/status")).getOrDefault("RssFile", 0L);
    }

    /** The folders of a group and of all groups that contain it. */
    private List<Path> groups(Version version) {
        List<Path> folders = new ArrayList<>();
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && version.isOf(parts[1])) {
                mounts(version, parts[2], folders);
            }
        }
        return folders;
    }

    /**
     * Adds the folders from a group's own up to the mount's. In a container the mount may be the
     * group itself.
     */
    private void mounts(Version version, String group, List<Path> folders) {
        for (String line : lines(root.resolve("proc/self/mountinfo"))) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] system = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
            if (mount.length < 5
                    || system.length < 3
                    || !version.isMountedAs(system[0], system[2])) {
                continue;
            }
            Path top = root.resolve(mount[4].replaceFirst("^/", ""));
            Path folder = top.resolve(below(mount[3], group)).normalize();
            if (!folder.startsWith(top)) {
                folder = top; // the process is in a group outside of what it sees
            }
            while (folder != null && folder.startsWith(top)) {
                folders.add(folder);
                folder = folder.getParent();
            }
        }
    }

    /** A group's path below a mount of another group; empty if it is not below it. */
    private static String below(String mounted, String group) {
        try {
            Path from = Path.of(mounted);
            Path to = Path.of(group);
            return to.startsWith(from) ? from.relativize(to).toString() : "";
        } catch (InvalidPathException e) {
            return "";
        }
    }

    private OptionalLong free(Version version, Path group) {
        OptionalLong limit = number(group.resolve(version.limit));
        OptionalLong usage = number(group.resolve(version.usage));
        if (limit.isEmpty() || usage.isEmpty()) {
            return OptionalLong.empty();
        }
        Map<String, Long> figures = figures(group.resolve("memory.stat"));
        long files =
                figures.getOrDefault(version.prefix + "inactive_file", 0L)
                        + figures.getOrDefault(version.prefix + "active_file", 0L);
        long mapped = mapped(figures, version.mapped, version.prefix + "shmem");
        long unmapped = Math.max(0, files - Math.max(mapped, own()));
        long used = Math.max(0, usage.getAsLong() - unmapped);
        return OptionalLong.of(Math.max(0, limit.getAsLong() - used));
    }

    /**
     * A lower bound of the files that processes have mapped. Shared memory is subtracted, since no
     * figure tells whether it is mapped.
     */
    private static long mapped(Map<String, Long> figures, String mapped, String shared) {
        return Math.max(0, figures.getOrDefault(mapped, 0L) - figures.getOrDefault(shared, 0L));
    }

    /** The first number of each line, by the word before it. */
    private static Map<String, Long> figures(Path file) {
        Map<String, Long> figures = new HashMap<>();
        for (String line : lines(file)) {
            String[] words = line.split(":?\\s+", 3);
            if (words.length > 1) {
                number(words[1]).ifPresent(value -> figures.put(words[0], value));
            }
        }
        return figures;
    }

    private static OptionalLong number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? OptionalLong.empty() : number(lines.getFirst().strip());
    }

    /** Empty for what is no number, such as {@code max}. */
    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
