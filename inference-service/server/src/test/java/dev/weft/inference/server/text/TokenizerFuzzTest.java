package dev.weft.inference.server.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tokenizer.json is opened and encodes, or is refused as a file that is broken. */
class TokenizerFuzzTest {
    private static final Path FOLDER = scratch();

    private static Path scratch() {
        try {
            return Files.createTempDirectory("weft-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void opensOrRefuses(byte[] bytes) throws IOException {
        Files.write(FOLDER.resolve("tokenizer.json"), bytes);
        try (Tokenizer tokenizer = Tokenizer.open(FOLDER)) {
            tokenizer.encode("Hello, who are you?", true);
        } catch (IOException e) {
            // names the file
        }
    }
}
