package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBackendTest {
    @TempDir private Path repository;

    private boolean isPython(String config) throws IOException {
        Path file = repository.resolve("llm/config.pbtxt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, config);
        return ModelBackend.isPython(model());
    }

    private TensorRtLlmSettings.Model model() {
        return new TensorRtLlmSettings.Model(repository, repository, "llm");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "backend: \"python\", true",
                "name: \"a\" backend:'python' max_batch_size: 0, true",
                "backend: \"tensorrtllm\", false",
                "name: \"python\", false",
                "name: \"backend: 'python'\", false",
                "my_backend: \"python\", false",
                "backend: \"python3\", false"
            })
    void isWhatTheFileNames(String config, boolean python) throws IOException {
        assertThat(isPython(config)).isEqualTo(python);
    }

    @Test
    void isNotWhatACommentSays() throws IOException {
        assertThat(isPython("  # backend: \"python\"\nbackend: \"tensorrtllm\"\n")).isFalse();
        assertThat(isPython("# max_batch_size: 64\nbackend: \"python\" # yes\n")).isTrue();
    }

    /** Triton says what is missing. */
    @Test
    void isNoneWithoutAFile() throws IOException {
        assertThat(ModelBackend.isPython(model())).isFalse();
    }
}
