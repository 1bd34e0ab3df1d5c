package dev.weft.format.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

/** Both files, whatever they hold, say how a folder pools or are refused by name. */
class PoolingFilesFuzzTest {
    @TempDir private Path folder;

    /** The bytes up to a zero are modules.json, those after it the pooling's. */
    @FuzzTest
    void readsOrNamesTheField(byte[] bytes) throws IOException {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.write(folder.resolve("modules.json"), Arrays.copyOf(bytes, end));
        Files.write(
                folder.resolve("1_Pooling/config.json"),
                Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
        try {
            assertThat(PoolingFiles.read(folder)).isPresent();
        } catch (PoolingException e) {
            assertThat(e.file()).isIn(PoolingFiles.ALL);
            assertThat(e.field()).isNotEmpty();
        }
    }
}
