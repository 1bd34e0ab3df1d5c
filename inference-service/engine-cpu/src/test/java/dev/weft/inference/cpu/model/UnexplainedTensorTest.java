package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnexplainedTensorTest {
    @TempDir private Path folder;

    @Test
    void aTensorThatConfigJsonDoesNotExplainIsRefusedByName() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.BIASES, DType.BF16, false);
        Path config = folder.resolve("config.json");
        String without =
                Files.readString(config).replace("\"mlp_bias\": true", "\"mlp_bias\": false");
        Files.writeString(config, without);
        try (Team team = new Team(1);
                CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            Kernels kernels = Kernels.open(Kernels.Choice.REFERENCE, Precision.BF16, team, 4);
            assertThatThrownBy(() -> new WeightLoader(checkpoint, kernels).load(_ -> {}))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("model.layers.0.mlp.down_proj.bias")
                    .hasMessageContaining("llama");
        }
    }
}
