package dev.weft.standalone.engine;

import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A deployment file with a base beside it, for {@code engine plan|build}. */
abstract class EngineCommandFixture {
    static final String CONFIG =
            """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu",
             "vocab_size":100,"hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,
             "num_attention_heads":4,"num_key_value_heads":2,"head_dim":6,
             "max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,
             "tie_word_embeddings":true}
            """;

    static final String FILE =
            """
            weft: {triton: {model-repository: models}}
            model_name: desk
            resources: {accelerator: H100}
            trt_llm:
              build:
                checkpoint_repository: {source: FILE, repo: base}
                max_lora_rank: 16
                max_batch_size: 8
            """;

    @TempDir Path folder;
    FakeTools tools;
    Path file;

    @BeforeEach
    void write() throws IOException {
        folder = folder.toRealPath();
        Path base = Files.createDirectories(folder.resolve("base"));
        Files.writeString(base.resolve("config.json"), CONFIG);
        file = Files.writeString(folder.resolve("weft.yaml"), FILE);
        tools = new FakeTools(folder.resolve("fake"));
    }

    /** Writes another base than {@link #CONFIG}'s. */
    final void writeBase(int hidden, int intermediate, int heads, int headDim) throws IOException {
        writeBase("llama", hidden, intermediate, heads, headDim);
    }

    final void writeBase(String family, int hidden, int intermediate, int heads, int headDim)
            throws IOException {
        Files.writeString(
                folder.resolve("base/config.json"),
                CONFIG.replace("\"architectures\":[\"LlamaForCausalLM\"],", "")
                        .replace("\"model_type\":\"llama\"", "\"model_type\":\"" + family + "\"")
                        .replace("\"hidden_size\":24", "\"hidden_size\":" + hidden)
                        .replace(
                                "\"intermediate_size\":40", "\"intermediate_size\":" + intermediate)
                        .replace("\"num_attention_heads\":4", "\"num_attention_heads\":" + heads)
                        .replace("\"head_dim\":6", "\"head_dim\":" + headDim));
    }

    final CommandLineRun engine(String what, String... options) {
        var all = new ArrayList<>(List.of("engine", what, file.toString()));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        all.addAll(tools.options());
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    /**
     * The commands of a plan, each on one line in shell syntax; checks that NVIDIA's tools would
     * accept each.
     */
    static List<String> commands(String plan) {
        List<String> commands =
                plan.replace(" \\\n    ", " ")
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.contains("--output_dir"))
                        .toList();
        commands.forEach(NvidiaOptions::assertTaken);
        return commands;
    }
}
