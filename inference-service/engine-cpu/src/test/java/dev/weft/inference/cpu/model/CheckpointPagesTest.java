package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.model.weights.DecoderWeights;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "reads what Linux says of the process's memory")
class CheckpointPagesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void packedWeightsAreNotInMemoryTwice(Precision precision) throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        CheckpointFolder checkpoint = CheckpointFolder.open(folder);
        try (Team team = new Team(2)) {
            Kernels kernels = Kernels.open(Kernels.Choice.REFERENCE, precision, team, 16, null);
            try (DecoderWeights weights = new WeightLoader(checkpoint, kernels).load(_ -> {})) {
                assertThat(residentKib()).isZero();
                float embedded = weights.embedding().get(0);
                assertThat(residentKib()).as("%s is read again", embedded).isPositive();
            }
        }
    }

    /** Memory that the mapped checkpoint takes. */
    private long residentKib() throws IOException {
        boolean isCheckpoint = false;
        long kib = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (!line.endsWith(" kB") && !line.startsWith("VmFlags")) {
                isCheckpoint = line.contains(folder.toString());
            } else if (isCheckpoint && line.startsWith("Rss:")) {
                kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return kib;
    }
}
