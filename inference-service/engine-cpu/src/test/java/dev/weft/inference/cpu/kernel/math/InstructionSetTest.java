package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {
    @Test
    void aProcessKeepsTheOneItHasUsed() {
        InstructionSet used = InstructionSet.highest();
        assertThatCode(() -> InstructionSet.limit(used)).doesNotThrowAnyException();
        assertThatCode(() -> InstructionSet.limit(InstructionSet.AVX2))
                .isInstanceOf(IllegalStateException.class);
        assertThat(InstructionSet.highest()).isEqualTo(used);
    }

    @Test
    void avx2HasVectorsOfEightFloats() throws Exception {
        assumeThat(System.getProperty("os.arch")).as("it is an x86-64 set").isEqualTo("amd64");
        assertThat(said(InstructionSet.AVX2)).isEqualTo(Math.min(8, VectorMath.LANES) + " AVX2");
    }

    @ParameterizedTest
    @CsvSource({
        "512,amd64,avx512",
        "256,x86_64,avx2",
        "128,amd64,sse",
        "128,aarch64,neon",
        "256,aarch64,sve-256",
        "128,riscv64,riscv64-128"
    })
    void vectorsAreNamedByWhatTheSettingsCallTheirInstructions(
            int bits, String architecture, String name) {
        assertThat(InstructionSet.ofVectors(bits, architecture)).isEqualTo(name);
    }

    /** What a process of its own says, since the limit holds for a process. */
    private static String said(InstructionSet limit) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--add-modules=jdk.incubator.vector",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Limited.class.getName(),
                                        limit.name()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Says how long its vectors are. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] args) {
            InstructionSet.limit(InstructionSet.valueOf(args[0]));
            System.out.print(VectorMath.LANES + " " + InstructionSet.highest());
        }
    }
}
