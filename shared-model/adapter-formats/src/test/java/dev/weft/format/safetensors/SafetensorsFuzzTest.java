package dev.weft.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tensors of a file from a hub share out its data among them, or the file is refused. */
class SafetensorsFuzzTest {
    private static final Path FOLDER = scratch();

    private static Path scratch() {
        try {
            return Files.createTempDirectory("weft-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void readsOrRefuses(byte[] bytes) throws IOException {
        Path file = Files.write(FOLDER.resolve("a.safetensors"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            long inTensors = 0;
            SafetensorsFile read = SafetensorsFile.open(file, arena);
            for (Tensor tensor : read.tensors().values()) {
                long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
                assertThat(tensor.data().byteSize()).isEqualTo(elements * tensor.dtype().bytes());
                inTensors += tensor.data().byteSize();
            }
            assertThat(inTensors).isLessThan(bytes.length).isEqualTo(read.data().byteSize());
        } catch (SafetensorsException e) {
            assertThat(e).hasMessageStartingWith("a.safetensors: ");
        }
    }
}
