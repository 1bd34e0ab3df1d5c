package dev.weft.inference.cpu;

import java.lang.management.ManagementFactory;

/** Memory of the machine, or of the container where it has a limit, in bytes. */
final class MachineMemory {
    private MachineMemory() {}

    static long total() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** Page cache counts as taken. */
    static long free() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
    }
}
