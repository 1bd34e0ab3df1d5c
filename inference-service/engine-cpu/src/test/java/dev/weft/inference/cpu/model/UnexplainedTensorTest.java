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
import java.util.Arrays;
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
        List<Tensor> tensors = tensors(file);
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

    /** Older tools for GPTQ write one for every linear layer. */
    @Test
    void aBiasOfZerosBesideGptqIsNone() throws IOException {
        String config = TinyCheckpoint.LLAMA.strip();
        TinyCheckpoint.write(folder, config, DType.BF16, false);
        Files.writeString(
                folder.resolve("config.json"),
                config.substring(0, config.length() - 1)
                        + ", \"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4,"
                        + " \"group_size\": -1}}");
        Path file = folder.resolve("model.safetensors");
        String module = "model.layers.0.mlp.down_proj";
        List<Tensor> tensors = tensors(file);
        tensors.removeIf(it -> it.name().equals(module + ".weight"));
        tensors.add(zeros(module + ".qweight", DType.I32, 56 / 8, 40));
        tensors.add(zeros(module + ".qzeros", DType.I32, 1, 40 / 8));
        tensors.add(zeros(module + ".scales", DType.F16, 1, 40));
        Tensor bias = zeros(module + ".bias", DType.F16, 40);
        tensors.add(bias);
        SafetensorsWriter.write(file, Map.of(), tensors);
        assertThatCode(this::load).doesNotThrowAnyException();
        bias.data().set(ValueLayout.JAVA_BYTE, 79, (byte) 1);
        SafetensorsWriter.write(file, Map.of(), tensors);
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor " + module + ".bias is not served");
    }

    /** As embedding models are saved; the head is the embedding. */
    @Test
    void aDecoderThatWasSavedAloneIsServed() throws IOException {
        String config = TinyCheckpoint.QWEN3.strip();
        TinyCheckpoint.write(folder, config, DType.BF16, false);
        Files.writeString(
                folder.resolve("config.json"),
                config.substring(0, config.length() - 1)
                        + ", \"architectures\": [\"Qwen3Model\"]}");
        Path file = folder.resolve("model.safetensors");
        List<Tensor> alone =
                tensors(file).stream().map(it -> named(it.name().substring(6), it)).toList();
        SafetensorsWriter.write(file, Map.of(), alone);
        assertThatCode(this::load).doesNotThrowAnyException();
        List<Tensor> more = new ArrayList<>(alone);
        more.add(zeros("pooler.weight", DType.BF16, 40));
        SafetensorsWriter.write(file, Map.of(), more);
        assertThatThrownBy(this::load)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor pooler.weight is not served");
    }

    private static Tensor zeros(String name, DType dtype, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new Tensor(
                name,
                dtype,
                Arrays.stream(shape).boxed().toList(),
                MemorySegment.ofArray(new byte[(int) elements * dtype.bytes()]));
    }

    private static Tensor named(String name, Tensor tensor) {
        return new Tensor(name, tensor.dtype(), tensor.shape(), tensor.data());
    }

    private static List<Tensor> tensors(Path file) throws IOException {
        return new ArrayList<>(
                SafetensorsFile.open(file, Arena.ofAuto()).tensors().values().stream()
                        .map(UnexplainedTensorTest::onHeap)
                        .toList());
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
