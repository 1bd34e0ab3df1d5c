package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.models.Model;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serves the deployment file of Baseten's page on LoRA support, unchanged. */
class SeedDeploymentTest {
    private static final String FILE =
            """
            model_name: Qwen2.5-Coder-LoRA
            resources:
              accelerator: H100
              cpu: '2'
              memory: 20Gi
              use_gpu: true
            trt_llm:
              build:
                base_model: decoder
                checkpoint_repository:
                  source: HF
                  repo: "Qwen/Qwen2.5-Coder-1.5B-Instruct"
                  revision: "2e1fd397ee46e1388853d2af2c993145b0f1098a"
                lora_adapters:
                  lora1:
                    repo: "ai-blond/Qwen-Qwen2.5-Coder-1.5B-Instruct-lora"
                    revision: "9cde18d8ed964b0519fb481cca6acd936b2ca811"
                    source: "HF"
                max_lora_rank: 16
                plugin_configuration:
                  lora_plugin: "float16"
              runtime:
                served_model_name: "Qwen2.5-Coder-base"
            """;

    @Test
    void startsFromAHubAndAnswersToTheBaseAndTheAdapter(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), FILE);
        SmallQwen.writeBase(folder.resolve("base"));
        SmallQwen.writeAdapter(folder.resolve("lora1"));
        try (LoopbackHub hub = new LoopbackHub()) {
            hub.publish(
                    "Qwen/Qwen2.5-Coder-1.5B-Instruct",
                    "2e1fd397ee46e1388853d2af2c993145b0f1098a",
                    folder.resolve("base"));
            hub.publish(
                    "ai-blond/Qwen-Qwen2.5-Coder-1.5B-Instruct-lora",
                    "9cde18d8ed964b0519fb481cca6acd936b2ca811",
                    folder.resolve("lora1"));
            Map<String, String> environment = Map.of("HF_ENDPOINT", hub.address().toString());
            try (Launched weft = Launched.serve(file, folder, environment)) {
                assertAnswers(weft.awaitReady());
                assertThat(weft.log().lines().filter(line -> line.contains("asks for a GPU")))
                        .as("the file asks for a GPU; that there is none is said once")
                        .hasSize(1);
                assertThat(weft.output()).contains("curl ").contains("lora1");
                assertThat(weft.end()).as("ends when it is told to").isTrue();
            }
        }
    }

    /**
     * Checks that this file makes a plan; the tests of deploy/standalone check the plan's content.
     */
    @Test
    void plansAnEngineThatTakesTheAdapter(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), FILE);
        SmallQwen.writeBase(folder.resolve("base"));
        try (LoopbackHub hub = new LoopbackHub()) {
            hub.publish(
                    "Qwen/Qwen2.5-Coder-1.5B-Instruct",
                    "2e1fd397ee46e1388853d2af2c993145b0f1098a",
                    folder.resolve("base"));

            String plan = plan(file, folder, hub.address());

            assertThat(plan.replace(" \\\n    ", " "))
                    .contains("/models/core/qwen/convert_checkpoint.py --model_dir ")
                    .contains("--dtype float16 --tp_size 1")
                    .contains(
                            "--lora_plugin float16 --lora_target_modules attn_q attn_k attn_v"
                                    + " attn_dense mlp_h_to_4h mlp_gate mlp_4h_to_h"
                                    + " --max_lora_rank 16 --max_batch_size 256")
                    .contains(
                            "lora1: not a folder of this machine, so its modules are not known:"
                                    + " all")
                    .contains("\"lora_cache_max_adapter_size\" value: { string_value: \"16\" }");
        }
    }

    /**
     * The output of {@code weft engine plan} in a separate process, which has the hub's address.
     */
    private static String plan(Path file, Path folder, URI hub) throws Exception {
        Program.Finished plan =
                Launched.command(
                        Map.of("HF_ENDPOINT", hub.toString()),
                        "engine",
                        "plan",
                        file.toString(),
                        "--data",
                        folder.resolve("data").toString());
        assertThat(plan.exit()).as(plan.output()).isZero();
        return plan.output();
    }

    private static void assertAnswers(URI gateway) {
        try (Client client = new Client(gateway)) {
            assertThat(client.api().models().list().data())
                    .extracting(Model::id)
                    .containsExactly("Qwen2.5-Coder-base", "lora1");
            String prompt = "write a function";
            // The weights are random: both must answer, and differently.
            assertThat(client.tokens("lora1", prompt))
                    .isNotEmpty()
                    .isNotEqualTo(client.tokens("Qwen2.5-Coder-base", prompt))
                    .isEqualTo(client.tokens("lora1", prompt));
        }
    }
}
