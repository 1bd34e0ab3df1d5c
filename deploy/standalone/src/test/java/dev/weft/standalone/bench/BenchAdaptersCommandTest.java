package dev.weft.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentFile;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchAdaptersCommandTest {
    private static final String CONFIG =
            """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu",
             "vocab_size":100,"hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,
             "num_attention_heads":3,"num_key_value_heads":1,"head_dim":8,
             "max_position_embeddings":64,"rms_norm_eps":1e-5,"rope_theta":10000.0,
             "tie_word_embeddings":true}
            """;

    @TempDir Path folder;
    private Path checkpoint;

    @BeforeEach
    void writeConfig() throws IOException {
        checkpoint = Files.createDirectories(folder.resolve("a \"base\""));
        Files.writeString(checkpoint.resolve("config.json"), CONFIG);
    }

    private CommandLineRun adapters(String... options) {
        var all = new ArrayList<>(List.of("bench", "adapters"));
        all.addAll(List.of(checkpoint.toString(), folder.resolve("out").toString()));
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private LoraCheck.Accepted check(String adapter, int maxRank) throws IOException {
        ModelConfig base = ModelConfig.read(checkpoint.resolve("config.json"));
        LoraCheck check =
                LoraFolder.check(folder.resolve("out").resolve(adapter), base.shape(), maxRank);
        assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
        return (LoraCheck.Accepted) check;
    }

    @Test
    void everyAdapterPassesTheCatalogsCheckAndNoTwoAreTheSame() throws IOException {
        CommandLineRun run = adapters("--count", "3", "--rank", "6");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Set<String> digests = new HashSet<>();
        for (String name : List.of("lora-0001", "lora-0002", "lora-0003")) {
            LoraCheck.Accepted accepted = check(name, 8);
            assertThat(accepted.warnings()).isEmpty();
            digests.add(accepted.adapter().digest().toString());
            assertThat(accepted.adapter().facts().rank()).isEqualTo(6);
            accepted.adapter().close();
        }
        assertThat(digests).hasSize(3);
    }

    @Test
    void modulesRankAndScaleAreTheOptions() throws IOException {
        assertThat(
                        adapters(
                                        "--count",
                                        "1",
                                        "--rank",
                                        "4",
                                        "--modules",
                                        "q,v_proj",
                                        "--alpha",
                                        "6",
                                        "--name",
                                        "small")
                                .exitCode())
                .isZero();
        LoraCheck.Accepted accepted = check("small-0001", 4);
        assertThat(accepted.adapter().pairs()).hasSize(2 * 2);
        assertThat(accepted.adapter().pairs())
                .allSatisfy(pair -> assertThat(pair.scale()).isEqualTo(1.5f));
        accepted.adapter().close();
    }

    @Test
    void theSameSeedWritesTheSame() throws IOException {
        adapters("--count", "1", "--seed", "9");
        byte[] first = weights("out");
        CommandLineRun.of(
                "bench",
                "adapters",
                checkpoint.toString(),
                folder.resolve("b").toString(),
                "--count",
                "1",
                "--seed",
                "9");
        CommandLineRun.of(
                "bench",
                "adapters",
                checkpoint.toString(),
                folder.resolve("c").toString(),
                "--count",
                "1",
                "--seed",
                "8");
        assertThat(weights("b")).isEqualTo(first);
        assertThat(weights("c")).isNotEqualTo(first);
    }

    private byte[] weights(String out) throws IOException {
        return Files.readAllBytes(
                folder.resolve(out).resolve("lora-0001/adapter_model.safetensors"));
    }

    @Test
    void theDeploymentFileServesThem() throws Exception {
        Path file = folder.resolve("d.yaml");
        assertThat(
                        adapters(
                                        "--count",
                                        "2",
                                        "--rank",
                                        "5",
                                        "--deployment",
                                        file.toString(),
                                        "--base-name",
                                        "smol")
                                .exitCode())
                .isZero();
        Deployment deployment = DeploymentFile.read(file, List.of());
        assertThat(deployment.base().servedName()).isEqualTo("smol");
        assertThat(deployment.lora().maxRank()).isEqualTo(8);
        assertThat(deployment.base().checkpoint().repo()).isEqualTo(checkpoint.toString());
        assertThat(deployment.lora().adapters())
                .extracting(Deployment.DeclaredAdapter::name)
                .containsExactly("lora-0001", "lora-0002");
        assertThat(Path.of(deployment.lora().adapters().getLast().repository().repo()))
                .isEqualTo(folder.resolve("out/lora-0002"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--count|0|1 to 100000",
                "--rank|65|1 to 64",
                "--alpha|-1.0|a number over 0",
                "--modules|lm_head|q, k, v, o, gate, up, down or all",
                "--name|a/b|1 to 100 letters, digits, '.', '_' or '-', first a letter or a digit",
                "--base-name|-|1 to 100 letters, digits, '.', '_' or '-', first a letter or a digit"
            })
    void aWrongOptionIsNamedWithItsValueAndWhatIsAllowed(
            String option, String value, String allowed) {
        CommandLineRun run = adapters(option, value);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "Invalid value for option '%s': '%s' is not allowed: %s"
                                .formatted(option, value, allowed));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aFolderWithSomethingInItIsLeftAlone() throws IOException {
        Path other = Files.createDirectories(folder.resolve("out")).resolve("mine");
        Files.writeString(other, "x");
        CommandLineRun run = adapters();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("is not empty: name a new folder");
        assertThat(folder.resolve("out")).isDirectoryContaining(path -> path.equals(other));
    }

    @Test
    void aCheckpointThatIsNoneIsTold() throws IOException {
        Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\":\"gpt2\"}");
        CommandLineRun run = adapters();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("weft: ").contains("config.json can't be read: ");
    }
}
