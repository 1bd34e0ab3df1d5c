package dev.weft.protocol.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir private Path folder;

    @Test
    void replacesWhatIsThereAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("notes");
        WholeFile.write(file, bytes("one, and more"));
        WholeFile.write(file, bytes("two"));

        assertThat(file).hasContent("two");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void leavesWhatIsThereIfTheNewOneCannotBeWritten() throws IOException {
        Path file = folder.resolve("notes");
        WholeFile.write(file, bytes("one"));
        Files.createDirectory(folder.resolve("notes.part"));

        assertThatThrownBy(() -> WholeFile.write(file, bytes("two")))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("one");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
