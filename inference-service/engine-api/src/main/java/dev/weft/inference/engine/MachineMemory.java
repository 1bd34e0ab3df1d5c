package dev.weft.inference.engine;

import java.lang.management.ManagementFactory;

/** The memory of the machine, or of the container if that has a limit, in bytes. */
public final class MachineMemory {
    private MachineMemory() {}

    /** All of it. */
    public static long total() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** Free memory; the page cache counts as taken. */
    public static long free() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
    }
}
