package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.layers.0.mlp.down_proj.bias")
                .hasMessageContaining("llama");
    }

    @Test
    void aHeadBesideTheEmbeddingItIsTiedToMustBeEqual() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.LLAMA, DType.BF16, false);
        Path file = folder.resolve("model.safetensors");
        List<Tensor> tensors =
                new ArrayList<>(
                        SafetensorsFile.open(file, Arena.ofAuto()).tensors().values().stream()
                                .map(UnexplainedTensorTest::onHeap)
                                .toList());
        Tensor embedding =
                tensors.stream()
                        .filter(it -> it.name().equals("model.embed_tokens.weight"))
                        .findFirst()
                        .orElseThrow();
        Tensor head =
                new Tensor(
                        "lm_head.weight", DType.BF16, embedding.shape(), onHeap(embedding).data());
        tensors.add(head);
        SafetensorsWriter.write(file, Map.of(), tensors);
        assertThatCode(this::load).doesNotThrowAnyException();
        long last = head.data().byteSize() - 1;
        byte sign = (byte) (head.data().get(ValueLayout.JAVA_BYTE, last) ^ 0x80);
        head.data().set(ValueLayout.JAVA_BYTE, last, sign);
        SafetensorsWriter.write(file, Map.of(), tensors);
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tie_word_embeddings true")
                .hasMessageContaining("lm_head.weight");
    }

    private static Tensor onHeap(Tensor tensor) {
        byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
        return new Tensor(
                tensor.name(), tensor.dtype(), tensor.shape(), MemorySegment.ofArray(bytes));
    }

    private void load() throws IOException {
        try (Team team = new Team(1);
                CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            Kernels kernels = Kernels.open(Kernels.Choice.REFERENCE, Precision.BF16, team, 4);
            new WeightLoader(checkpoint, kernels).load(_ -> {});
        }
    }
}
