package dev.weft.inference.server.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.server.completion.GenerationDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationConfigTest {
    @TempDir private Path folder;

    @Test
    void hasOpenAisDefaultsWhereThereIsNoFile() throws IOException {
        GenerationConfig config = GenerationConfig.read(folder);

        assertThat(config.defaults()).isEqualTo(new GenerationDefaults(1, 1, 0, 0, 1));
        assertThat(config.maxNewTokens()).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.endTokens()).isEmpty();
    }

    @Test
    void takesTheCheckpointsValuesAndTheEndTokensOfBothFiles() throws IOException {
        write(
                "generation_config.json",
                """
                {"do_sample":true,"temperature":0.7,"top_p":0.8,"top_k":20,"min_p":null,
                 "repetition_penalty":1.1,"eos_token_id":[7,8],"max_new_tokens":2048}
                """);
        write("config.json", "{\"eos_token_id\":9}");

        GenerationConfig config = GenerationConfig.read(folder);

        assertThat(config.defaults()).isEqualTo(new GenerationDefaults(0.7, 0.8, 20, 0, 1.1));
        assertThat(config.maxNewTokens()).isEqualTo(2048);
        assertThat(config.endTokens()).isEqualTo(Set.of(7, 8, 9));
    }

    /** transformers keeps them; the model's rows, which are not known here, decide. */
    @Test
    void takesEndTokensThatNoModelCanHave() throws IOException {
        write("config.json", "{\"eos_token_id\":[-1,50279]}");

        assertThat(GenerationConfig.read(folder).endTokens()).isEqualTo(Set.of(-1, 50_279));
    }

    @Test
    void hasTheFamilysEndTokenIfNoFileCouldNameOne() throws IOException {
        write("config.json", "{\"model_type\":\"smollm3\"}");
        assertThat(GenerationConfig.read(folder).familyEndToken()).hasValue(128_001);
        assertThat(GenerationConfig.read(folder).endTokens()).isEmpty();
        write("config.json", "{\"model_type\":\"smollm3\",\"eos_token_id\":null}");
        assertThat(GenerationConfig.read(folder).familyEndToken()).isEmpty();
        write("config.json", "{\"model_type\":\"qwen3\"}");
        assertThat(GenerationConfig.read(folder).familyEndToken()).isEmpty();
        write("config.json", "{\"model_type\":\"smollm3\"}");
        write("generation_config.json", "{}");
        assertThat(GenerationConfig.read(folder).familyEndToken()).isEmpty();
    }

    @Test
    void namesAValueThatCanNotBe() throws IOException {
        write("generation_config.json", "{\"top_p\":1.5}");
        assertThatThrownBy(() -> GenerationConfig.read(folder))
                .hasMessageContaining("top_p is 1.5");
        write("generation_config.json", "{\"max_new_tokens\":0}");
        assertThatThrownBy(() -> GenerationConfig.read(folder))
                .hasMessageContaining("max_new_tokens is 0");
        write("generation_config.json", "{\"eos_token_id\":\"x\"}");
        assertThatThrownBy(() -> GenerationConfig.read(folder))
                .hasMessageContaining("eos_token_id");
        write("generation_config.json", "{");
        assertThatThrownBy(() -> GenerationConfig.read(folder))
                .hasMessageContaining("generation_config.json");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }
}
