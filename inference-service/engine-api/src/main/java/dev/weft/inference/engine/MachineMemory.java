package dev.weft.inference.engine;

import java.lang.management.ManagementFactory;

/** Memory of the machine, or of the container where it has a limit, in bytes. */
public final class MachineMemory {
    private MachineMemory() {}

    /** All of it. */
    public static long total() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** Page cache counts as taken. */
    public static long free() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
    }
}
