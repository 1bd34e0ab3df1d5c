package dev.weft.format.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolingFilesTest {
    @TempDir private Path folder;

    @Test
    void aFolderWithoutThemSaysNothing() throws IOException {
        assertThat(PoolingFiles.read(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | MEAN",
                "{\"pooling_mode_mean_tokens\": true, \"pooling_mode_lasttoken\": false} | MEAN",
                "{\"pooling_mode_mean_tokens\": false, \"pooling_mode_lasttoken\": true} | LAST",
                "{\"pooling_mode\": \"lasttoken\", \"embedding_dimension\": 8} | LAST",
                "{\"pooling_mode\": [\"mean\"], \"include_prompt\": true} | MEAN",
            })
    void readsBothForms(String pooling, Pooling.Mode mode) throws IOException {
        write(pooling, "Transformer", "Pooling");
        assertThat(PoolingFiles.read(folder)).contains(new Pooling(mode, false));
        write(pooling, "Transformer", "Pooling", "Normalize");
        assertThat(PoolingFiles.read(folder)).contains(new Pooling(mode, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pooling_mode_cls_token\": true} | pooling_mode_cls_token is true",
                "{\"pooling_mode_weightedmean_tokens\": true} | pooling_mode_weightedmean_tokens",
                "{\"pooling_mode_lasttoken\": true} | pooling_mode_mean_tokens is true, as",
                "{\"pooling_mode_mean_tokens\": false} | pooling_mode_mean_tokens is false, as",
                "{\"pooling_mode\": \"max\"} | pooling_mode is \"max\"",
                "{\"pooling_mode\": [\"mean\", \"max\"]} | pooling_mode is [",
                "{\"pooling_mode_lasttoken\": \"yes\"} | pooling_mode_lasttoken is",
                "{ | not valid JSON",
            })
    void namesWhatIsNotServed(String pooling, String named) throws IOException {
        write(pooling, "Transformer", "Pooling");
        assertThatThrownBy(() -> PoolingFiles.read(folder))
                .isInstanceOf(PoolingException.class)
                .hasMessageStartingWith("1_Pooling/config.json: ")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Transformer", "Pooling", "Transformer Pooling Dense", "Pooling Transformer"})
    void namesOtherModules(String modules) throws IOException {
        write("{}", modules.split(" "));
        assertThatThrownBy(() -> PoolingFiles.read(folder))
                .isInstanceOf(PoolingException.class)
                .hasMessageStartingWith("modules.json: type is [");
    }

    @Test
    void namesAFolderOfAnotherName() throws IOException {
        write("{}", "Transformer", "Pooling");
        Path modules = folder.resolve("modules.json");
        Files.writeString(modules, Files.readString(modules).replace("1_Pooling", "../elsewhere"));
        assertThatThrownBy(() -> PoolingFiles.read(folder))
                .hasMessage("modules.json: path is '../elsewhere'; allowed: 1_Pooling");
    }

    @Test
    void namesATransformerOfAnotherFolder() throws IOException {
        write("{}", "Transformer", "Pooling");
        Path modules = folder.resolve("modules.json");
        String elsewhere = "\"path\": \"0_Transformer\"";
        Files.writeString(modules, Files.readString(modules).replace("\"path\": \"\"", elsewhere));
        assertThatThrownBy(() -> PoolingFiles.read(folder))
                .hasMessage(
                        "modules.json: path is '0_Transformer'; allowed: '' for the transformer,"
                                + " the folder itself");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config_sentence_transformers.json | {\"default_prompt_name\": \"query\","
                        + " \"prompts\": {\"query\": \"Instruct: \"}} |"
                        + " default_prompt_name is 'query'; allowed: null, with prompts in the",
                "config_sentence_transformers.json | {\"default_prompt_name\": \"query\"} |"
                        + " default_prompt_name is 'query'",
                "config_sentence_transformers.json | {\"default_prompt_name\": 3} |"
                        + " default_prompt_name is '3'",
                "sentence_bert_config.json | {\"do_lower_case\": true} |"
                        + " do_lower_case is true; allowed: false",
                "sentence_bert_config.json | {\"do_lower_case\": 1} | do_lower_case is '1'",
                "sentence_bert_config.json | {\"max_seq_length\": 0} |"
                        + " max_seq_length is '0'; allowed: a number over 0, or null",
                "sentence_bert_config.json | {\"max_seq_length\": \"512\"} | max_seq_length is",
                "sentence_bert_config.json | { | not valid JSON",
            })
    void namesWhatWouldChangeTexts(String file, String content, String named) throws IOException {
        write("{}", "Transformer", "Pooling");
        Files.writeString(folder.resolve(file), content);
        assertThatThrownBy(() -> PoolingFiles.read(folder))
                .isInstanceOf(PoolingException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config_sentence_transformers.json | {\"default_prompt_name\": null, \"prompts\":"
                        + " {\"query\": \"Instruct: \", \"document\": \"\"}}",
                "config_sentence_transformers.json | {\"default_prompt_name\": \"document\","
                        + " \"prompts\": {\"document\": \"\"}}",
                "sentence_bert_config.json | {\"max_seq_length\": null, \"do_lower_case\": false}",
            })
    void textsStayAsTheyAre(String file, String content) throws IOException {
        write("{}", "Transformer", "Pooling");
        Files.writeString(folder.resolve(file), content);
        assertThat(PoolingFiles.read(folder)).contains(new Pooling(Pooling.Mode.MEAN, false));
    }

    @Test
    void readsHowLongTextsMayBe() throws IOException {
        write("{}", "Transformer", "Pooling");
        Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 512}");
        assertThat(PoolingFiles.read(folder))
                .contains(new Pooling(Pooling.Mode.MEAN, false, OptionalInt.of(512)));
    }

    private void write(String pooling, String... modules) throws IOException {
        String list =
                IntStream.range(0, modules.length)
                        .mapToObj(i ->
                                """
                                {"idx": %d, "name": "%d", "path": "%s",
                                 "type": "sentence_transformers.models.%s"}\
                                """
                                        .formatted(
                                                i,
                                                i,
                                                i == 0 ? "" : i + "_" + modules[i],
                                                modules[i]))
                        .map(text ->
                                modules[0].equals("Pooling")
                                        ? text.replace("\"path\": \"\"", "\"path\": \"1_Pooling\"")
                                        : text)
                        .collect(Collectors.joining(",", "[", "]"));
        Files.createDirectories(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("modules.json"), list);
        Files.writeString(folder.resolve("1_Pooling/config.json"), pooling);
    }
}
