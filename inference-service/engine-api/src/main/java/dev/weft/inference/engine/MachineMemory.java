package dev.weft.inference.engine;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** The memory of the machine, or of the container if that has a limit, in bytes. */
public final class MachineMemory {
    private MachineMemory() {}

    /** All of the memory. */
    public static long total() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /**
     * The memory that a process can still get. On Linux files in the page cache count as free
     * unless they are mapped; elsewhere the cache counts as taken.
     */
    public static long free() {
        return new LinuxMemory(Path.of("/")).free().orElseGet(MachineMemory::unused);
    }

    private static long unused() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
    }
}
