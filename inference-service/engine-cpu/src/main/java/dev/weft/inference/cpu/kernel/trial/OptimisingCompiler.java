package dev.weft.inference.cpu.kernel.trial;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The compiler of the JVM that makes fast code of the Vector API: HotSpot's C2. */
final class OptimisingCompiler {
    /** The level of compilation that is C2's. */
    private static final int LEVEL = 4;

    private OptimisingCompiler() {}

    /** Whether this JVM may use it: {@code -XX:TieredStopAtLevel} and {@code -Xint} forbid it. */
    static boolean isAllowed() {
        HotSpotDiagnosticMXBean options =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return options == null
                || (Integer.parseInt(options.getVMOption("TieredStopAtLevel").getValue()) >= LEVEL
                        && Boolean.parseBoolean(options.getVMOption("UseCompiler").getValue()));
    }

    /**
     * What the compilations of this JVM have taken until now, in milliseconds. If it doesn't tell,
     * its compiler counts as always at work.
     */
    static long spentMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
