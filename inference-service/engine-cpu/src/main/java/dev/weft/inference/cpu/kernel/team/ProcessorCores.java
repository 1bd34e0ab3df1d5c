package dev.weft.inference.cpu.kernel.team;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells which processors share a core, as Linux says it: {@code
 * cpuN/topology/thread_siblings_list}, e.g. {@code 0,4} or {@code 0-1}.
 */
record ProcessorCores(Path folder) {
    static final Path LINUX = Path.of("/sys/devices/system/cpu");

    /** 0 for a core's first processor, or if the system does not say; 1 for its second one. */
    int place(int processor) {
        Path list = folder.resolve("cpu" + processor + "/topology/thread_siblings_list");
        try {
            int before = 0;
            for (String range : Files.readString(list).strip().split(",", -1)) {
                String[] ends = range.split("-", 2);
                int from = Integer.parseInt(ends[0]);
                int to = Integer.parseInt(ends[ends.length - 1]);
                before += Math.max(0, Math.min(to + 1, processor) - from);
            }
            return before;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
