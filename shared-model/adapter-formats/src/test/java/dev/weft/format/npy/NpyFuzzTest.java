package dev.weft.format.npy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** An array from a hub's file matches its header, and is written as it was read. */
class NpyFuzzTest {
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
        Path file = Files.write(FOLDER.resolve("a.npy"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            NpyArray array = NpyFile.open(file, arena);
            Path copy = FOLDER.resolve("b.npy");
            NpyFile.write(copy, array);
            NpyArray again = NpyFile.open(copy, arena);

            assertThat(again.type()).isEqualTo(array.type());
            assertThat(again.shape()).isEqualTo(array.shape());
            assertThat(again.data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(array.data().toArray(ValueLayout.JAVA_BYTE));
        } catch (NpyException e) {
            assertThat(e).hasMessageStartingWith("a.npy: ");
        }
    }
}
