package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
    @TempDir private Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("config.json"), SmallLlama.CONFIG);
    }

    private void write(String file, String tensor) throws IOException {
        SafetensorsWriter.write(
                folder.resolve(file),
                Map.of(),
                List.of(
                        new Tensor(
                                tensor,
                                DType.F32,
                                List.of(2L),
                                MemorySegment.ofArray(new float[] {1, 2}))));
    }

    @Test
    void refusesATensorThatIsInTwoFiles() throws IOException {
        write("a.safetensors", "model.norm.weight");
        write("b.safetensors", "other");
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"model.norm.weight\": \"a.safetensors\","
                        + " \"other\": \"b.safetensors\"}}");
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            assertThat(checkpoint.has("other")).isTrue();
        }
        write("b.safetensors", "model.norm.weight");
        assertThatThrownBy(() -> CheckpointFolder.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "tensor model.norm.weight is in two files of the checkpoint; b.safetensors"
                                + " is the second");
    }

    @Test
    void refusesAnAdapterBesideTheBase() throws IOException {
        write("model.safetensors", "model.norm.weight");
        write("adapter_model.safetensors", "any");
        CheckpointFolder.open(folder).close();
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        assertThatThrownBy(() -> CheckpointFolder.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("adapter_config.json lies beside the base");
    }
}
