package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointIdentityTest {
    private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);
    private static final int VALUES = 4000;

    @TempDir private Path folder;

    @Test
    void isTheSameWheneverTheFolderIsOpened() throws IOException {
        write("w", DType.BF16, -1);
        String first = identity();
        assertThat(identity()).isEqualTo(first).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, VALUES / 2, VALUES - 1})
    void otherWeightsHaveAnother(int changed) throws IOException {
        write("w", DType.BF16, -1);
        String before = identity();
        write("w", DType.BF16, changed);
        assertThat(identity()).isNotEqualTo(before);
    }

    @Test
    void anotherNameTypeOrTimeIsAnother() throws IOException {
        write("w", DType.BF16, -1);
        String before = identity();
        write("v", DType.BF16, -1);
        assertThat(identity()).isNotEqualTo(before);
        write("w", DType.F16, -1);
        assertThat(identity()).isNotEqualTo(before);
        write("w", DType.BF16, -1);
        assertThat(identity()).isEqualTo(before);
        Files.setLastModifiedTime(
                folder.resolve("model.safetensors"), FileTime.fromMillis(TIME.toMillis() + 1));
        assertThat(identity()).isNotEqualTo(before);
    }

    private String identity() throws IOException {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            return checkpoint.identity();
        }
    }

    /** One tensor, whose content differs at one place if one is given. */
    private void write(String name, DType type, int changed) throws IOException {
        Files.writeString(folder.resolve("config.json"), SmallLlama.CONFIG);
        short[] values = new short[VALUES];
        if (changed >= 0) {
            values[changed] = 1;
        }
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        new Tensor(
                                name,
                                type,
                                List.of((long) VALUES),
                                MemorySegment.ofArray(values))));
        Files.setLastModifiedTime(file, TIME);
    }
}
