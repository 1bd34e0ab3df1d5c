package dev.weft.standalone.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConvertCommandTest {
    private static final String CONFIG =
            """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu",
             "vocab_size":100,"hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,
             "num_attention_heads":3,"num_key_value_heads":1,"head_dim":8,
             "max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,
             "tie_word_embeddings":true}
            """;

    @TempDir Path folder;
    private Path base;
    private Path peft;
    private Path out;

    @BeforeEach
    void writeAdapter() throws IOException {
        base = Files.createDirectories(folder.resolve("base"));
        Files.writeString(base.resolve("config.json"), CONFIG);
        String adapters = folder.resolve("adapters").toString();
        CommandLineRun.of(
                "bench", "adapters", base.toString(), adapters, "--count", "1", "--rank", "4");
        peft = folder.resolve("adapters/lora-0001");
        out = folder.resolve("out");
    }

    @ParameterizedTest
    @CsvSource({
        "float16, '<f2', float16",
        "float32, '<f4', float32",
        "bfloat16, |V2, bfloat16",
        ", '<f2', float16"
    })
    void writesBothArraysInTheTypeAskedForWithoutAServer(String dtype, String descr, String said)
            throws IOException {
        CommandLineRun run =
                dtype == null ? convert(peft, out) : convert(peft, out, "--dtype", dtype);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("model.lora_weights.npy  " + said + " [1, 14, 256]")
                .contains("model.lora_config.npy  int32 [1, 14, 3]");
        assertThat(
                        Files.readString(
                                out.resolve("model.lora_weights.npy"),
                                java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("'descr': '" + descr + "'");
        LoraCheck check = check(out);
        assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
        try (var adapter = ((LoraCheck.Accepted) check).adapter()) {
            assertThat(adapter.facts().modules()).containsExactlyElementsOf(LinearModule.SEPARATE);
        }
    }

    @Test
    void saysWhyAnAdapterIsRefusedAndWritesNothing() throws IOException {
        Path config = peft.resolve("adapter_config.json");
        String text = Files.readString(config).replaceFirst("\"use_dora\" *: *\\w+ *,", "");
        Files.writeString(config, text.replaceFirst("\\{", "{\"use_qalora\":true,"));

        CommandLineRun run = convert(peft, out);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("UNSUPPORTED_SETTING").contains("use_qalora");
        assertThat(out).doesNotExist();
    }

    @Test
    void replacesNothing() {
        assertThat(convert(peft, out).exitCode()).isZero();

        CommandLineRun again = convert(peft, out, "--dtype", "float32");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("model.lora_weights.npy is there already");
    }

    @Test
    void takesArraysToAnotherTypeWhereTheBaseIsNamed() {
        convert(peft, out);
        Path second = folder.resolve("second");

        CommandLineRun unnamed = convert(out, second, "--dtype", "float32");
        CommandLineRun named =
                convert(out, second, "--dtype", "float32", "--base", base.toString());

        assertThat(unnamed.exitCode()).isEqualTo(1);
        assertThat(unnamed.err()).contains("--base CHECKPOINT");
        assertThat(named.err()).isEmpty();
        assertThat(named.exitCode()).isZero();
        assertThat(named.out()).contains("float32 [1, 14, 256]");
    }

    @Test
    void checksTheAdapterAgainstABaseThatIsNamed() throws IOException {
        Files.writeString(
                base.resolve("config.json"),
                CONFIG.replace("\"intermediate_size\":40", "\"intermediate_size\":48"));

        assertThat(convert(peft, out).exitCode()).isZero();
        CommandLineRun run = convert(peft, folder.resolve("b"), "--base", base.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("SHAPE_MISMATCH");
        CommandLineRun none = convert(peft, folder.resolve("b"), "--base", folder.toString());
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("--base").contains("config.json");
    }

    @Test
    void remindsOfTheChatTemplateThatArraysHaveNoPlaceFor() throws IOException {
        Files.writeString(peft.resolve("chat_template.jinja"), "{{ messages[0].content }}");

        assertThat(convert(peft, out).out()).contains("note: chat_template.jinja is part of");
    }

    private static CommandLineRun convert(Path from, Path to, String... options) {
        var all = new ArrayList<>(List.of("adapters", "convert", from.toString(), to.toString()));
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private LoraCheck check(Path adapter) throws IOException {
        return LoraFolder.check(adapter, ModelConfig.read(base.resolve("config.json")).shape(), 8);
    }
}
