package dev.weft.chat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tokenizer_config.json is either read or refused as a broken file. */
class TokenizerConfigFuzzTest {
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
        Files.write(FOLDER.resolve("tokenizer_config.json"), bytes);
        try {
            new TokenizerConfigReader(FOLDER).read();
        } catch (IOException e) {
            // names file, field and the allowed values
        }
    }
}
