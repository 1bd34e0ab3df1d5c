package dev.weft.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class TokenizerConfigTest {
    @TempDir Path folder;

    @Test
    void saysNothingForAFolderWithoutItsFiles() throws IOException {
        assertThat(TokenizerConfig.read(folder)).isEqualTo(TokenizerConfig.EMPTY);
    }

    @Test
    void readsTokensAsStringsObjectsAndNull() throws IOException {
        write(
                "tokenizer_config.json",
                """
                {"bos_token": null, "eos_token": {"content": "</s>", "special": true},
                 "pad_token": "<pad>", "add_bos_token": true, "model_max_length": 8192,
                 "additional_special_tokens": ["<a>", {"content": "<b>"}],
                 "extra_special_tokens": {"image_token": "<image>"}, "chat_template": "hello"}
                """);

        TokenizerConfig config = TokenizerConfig.read(folder);

        assertThat(config.specialToken("bos_token")).isEmpty();
        assertThat(config.eosToken()).contains("</s>");
        assertThat(config.specialToken("pad_token")).contains("<pad>");
        assertThat(config.additionalSpecialTokens()).containsExactly("<a>", "<b>");
        assertThat(config.templateVariables())
                .containsEntry("image_token", "<image>")
                .containsEntry("additional_special_tokens", List.of("<a>", "<b>"));
        assertThat(config.addBosToken()).isTrue();
        assertThat(config.modelMaxLength()).isEqualTo(8192L);
        assertThat(config.chatTemplate(true)).contains("hello");
    }

    /** As transformers 5.19 reads the same files. */
    @Test
    void makesAVariableOfEveryTokenThatHasAName() throws IOException {
        write(
                "tokenizer_config.json",
                """
                {"image_token": "<image>", "add_bos_token": false, "odd_token": 5,
                 "null_token": null, "plain_token": {"content": "<plain>"},
                 "audio_token": {"__type": "AddedToken", "content": "<audio>"},
                 "model_specific_special_tokens": {"not": "<read>"}}
                """);
        write(
                "special_tokens_map.json",
                "{\"video_token\": {\"content\": \"<video>\"}, \"end\": \"<end>\"}");

        TokenizerConfig config = TokenizerConfig.read(folder);

        assertThat(config.templateVariables())
                .isEqualTo(
                        Map.of(
                                "image_token", "<image>",
                                "audio_token", "<audio>",
                                "video_token", "<video>"));
        Files.delete(folder.resolve("special_tokens_map.json"));
        write(
                "tokenizer_config.json",
                "{\"model_specific_special_tokens\": {\"end\": \"<end>\", \"eos_token\":"
                        + " \"<e>\"}}");
        TokenizerConfig specific = TokenizerConfig.read(folder);
        assertThat(specific.templateVariables())
                .isEqualTo(Map.of("end", "<end>", "eos_token", "<e>"));
        write("tokenizer_config.json", JsonMapper.shared().writeValueAsString(specific.json()));
        assertThat(TokenizerConfig.read(folder)).isEqualTo(specific);
    }

    @Test
    void takesTransformersVeryLargeLengthForNoLimit() throws IOException {
        write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656}");

        assertThat(TokenizerConfig.read(folder).modelMaxLength()).isNull();
    }

    @Test
    void takesALengthThatIsInfiniteForNoLimitAndRefusesOneBelowZero() throws IOException {
        write("tokenizer_config.json", "{\"model_max_length\": 1e999}");
        assertThat(TokenizerConfig.read(folder).modelMaxLength()).isNull();
        write("tokenizer_config.json", "{\"model_max_length\": -1e999}");
        assertThatThrownBy(() -> TokenizerConfig.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model_max_length");
    }

    @Test
    void picksTheToolTemplateOfAListWhereToolsAreGiven() throws IOException {
        write(
                "tokenizer_config.json",
                """
                {"chat_template": [{"name": "default", "template": "plain"},
                                   {"name": "tool_use", "template": "tools"}]}
                """);

        TokenizerConfig config = TokenizerConfig.read(folder);

        assertThat(config.chatTemplate(false)).contains("plain");
        assertThat(config.chatTemplate(true)).contains("tools");
    }

    @Test
    void prefersTemplateFilesToTheConfiguration() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"of the configuration\"}");
        write("chat_template.jinja", "of the file");
        Files.createDirectory(folder.resolve("additional_chat_templates"));
        write("additional_chat_templates/tool_use.jinja", "with tools");

        TokenizerConfig config = TokenizerConfig.read(folder);

        assertThat(config.chatTemplate(false)).contains("of the file");
        assertThat(config.chatTemplate(true)).contains("with tools");
    }

    @Test
    void readsTheSpecialTokensMapUnlessTheConfigurationListsAddedTokens() throws IOException {
        write("special_tokens_map.json", "{\"eos_token\": \"<map>\", \"unk_token\": \"<unk>\"}");
        write("tokenizer_config.json", "{\"eos_token\": \"<config>\"}");
        assertThat(TokenizerConfig.read(folder).eosToken()).contains("<map>");

        write(
                "tokenizer_config.json",
                "{\"eos_token\": \"<config>\", \"added_tokens_decoder\": {}}");
        assertThat(TokenizerConfig.read(folder).eosToken()).contains("<config>");
        assertThat(TokenizerConfig.read(folder).specialToken("unk_token")).isEmpty();
    }

    @Test
    void letsAnAdaptersOwnValuesWin() {
        TokenizerConfig base =
                new TokenizerConfig(
                        Map.of("default", "base", "tool_use", "base tools"),
                        Map.of("eos_token", "<e>", "bos_token", "<b>"),
                        List.of("<x>"),
                        true,
                        100L,
                        null);
        TokenizerConfig adapter =
                new TokenizerConfig(
                        Map.of("default", "own"),
                        Map.of("eos_token", "<own>"),
                        List.of(),
                        null,
                        null,
                        null);

        TokenizerConfig both = adapter.over(base);

        assertThat(both.chatTemplate(true)).contains("own");
        assertThat(both.eosToken()).contains("<own>");
        assertThat(both.specialToken("bos_token")).contains("<b>");
        assertThat(both.additionalSpecialTokens()).containsExactly("<x>");
        assertThat(both.addBosToken()).isTrue();
        assertThat(both.modelMaxLength()).isEqualTo(100);
        assertThat(TokenizerConfig.EMPTY.over(base)).isEqualTo(base);
    }

    @Test
    void readsAResponseTemplateWithItsKeysInOrder() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"response_template\": {\"fields\": {\"b\": {}, \"a\": {\"y\": 1, \"x\":"
                        + " [2]}}}}");

        TokenizerConfig config = TokenizerConfig.read(folder);

        assertThat(config.responseTemplate())
                .isEqualTo("{\"fields\":{\"a\":{\"x\":[2],\"y\":1},\"b\":{}}}");
        write("tokenizer_config.json", JsonMapper.shared().writeValueAsString(config.json()));
        assertThat(TokenizerConfig.read(folder)).isEqualTo(config);
    }

    @Test
    void aResponseTemplateGoesWithTheChatTemplateThatItReads() throws IOException {
        TokenizerConfig base = withTemplates("base", "{\"of\":\"base\"}");

        assertThat(TokenizerConfig.EMPTY.over(base).responseTemplate())
                .isEqualTo("{\"of\":\"base\"}");
        assertThat(withTemplates("base", null).over(base).responseTemplate())
                .isEqualTo("{\"of\":\"base\"}");
        assertThat(withTemplates("own", null).over(base).responseTemplate()).isNull();
        assertThat(withTemplates("own", "{}").over(base).responseTemplate()).isEqualTo("{}");
    }

    private static TokenizerConfig withTemplates(String chat, @Nullable String response) {
        return new TokenizerConfig(
                Map.of("default", chat), Map.of(), List.of(), null, null, response);
    }

    @Test
    void refusesAResponseTemplateOfHugeSize() throws IOException {
        write("tokenizer_config.json", "{\"response_template\": \"" + "x".repeat(70_000) + "\"}");
        assertThatThrownBy(() -> TokenizerConfig.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("response_template")
                .hasMessageContaining("at most 65536 characters");
    }

    @Test
    void namesFileAndFieldOfWhatItCannotRead() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": 7}");
        assertThatThrownBy(() -> TokenizerConfig.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer_config.json: chat_template is 7; allowed are");

        write("tokenizer_config.json", "{\"eos_token\": [1]}");
        assertThatThrownBy(() -> TokenizerConfig.read(folder))
                .hasMessageContaining("eos_token is [1]");

        write("tokenizer_config.json", "{oops");
        assertThatThrownBy(() -> TokenizerConfig.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer_config.json is not JSON");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
