package dev.weft.inference.cpu.kernel.trial;

import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** This machine, as far as the speed of kernels depends on it. */
final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    private Processor() {}

    /** The processor, the vectors that the JVM uses of it, the JVM, and the threads. */
    static String describe(int threads) {
        return "%s, %s, instruction set %s, vectors of %d floats, Java %s, %d threads"
                .formatted(
                        model().orElse("unknown processor"),
                        System.getProperty("os.arch"),
                        InstructionSet.highest(),
                        VectorMath.LANES,
                        System.getProperty("java.vm.version"),
                        threads);
    }

    private static Optional<String> model() {
        if (!Files.isReadable(LINUX)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(LINUX)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
