package dev.weft.inference.relay.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCommandTest {
    @TempDir private Path folder;

    private ServerCommand command(String engine, String given) {
        ServerPlan plan =
                new ServerPlan(
                        Path.of("/models/base"),
                        "base",
                        9000,
                        new ServerPlan.Folders(Path.of("/lora"), folder.resolve("options")),
                        new ServerPlan.Limits(4, 16, 24));
        return ServerCommand.of(Dialect.of(engine), plan, List.of(given.split(" ", -1)));
    }

    @Test
    void vllmListensOnLoopbackAndLoadsFromTheSharedFolderAlone() {
        assertThat(command("vllm", "vllm serve --gpu-memory-utilization 0.8").toString())
                .isEqualTo(
                        "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True VLLM_NO_USAGE_STATS=1"
                                + " VLLM_RUNTIME_LORA_ALLOWED_PATH_PREFIXES=/lora vllm serve"
                                + " /models/base --gpu-memory-utilization 0.8 --host 127.0.0.1"
                                + " --port 9000 --served-model-name base --enable-lora"
                                + " --trust-request-chat-template --max-lora-rank 32 --max-loras 4"
                                + " --max-cpu-loras 16");
    }

    @Test
    void sglangIsToldTheCheckpointByAnOption() {
        assertThat(command("sglang", "python3 -m sglang.launch_server").words())
                .startsWith("python3", "-m", "sglang.launch_server", "--model-path")
                .containsSubsequence("--model-path", "/models/base")
                .containsSubsequence("--host", "127.0.0.1", "--port", "9000")
                .containsSubsequence("--enable-lora", "--max-lora-rank", "24")
                .containsSubsequence("--max-loras-per-batch", "4", "--max-loaded-loras", "16");
    }

    @Test
    void trtllmServeReadsItsAdaptersLimitsFromAFile() throws Exception {
        ServerCommand command = command("trtllm-serve", "trtllm-serve");
        Path file = folder.resolve("options/trtllm-serve.yaml");
        assertThat(command.words())
                .startsWith("trtllm-serve", "/models/base")
                .containsSubsequence("--extra_llm_api_options", file.toString());
        command.writeFiles();
        assertThat(Files.readString(file))
                .startsWith("lora_config:\n")
                .contains("  lora_target_modules: [attn_q, attn_k, ")
                .contains("  max_lora_rank: 24\n")
                .contains("  max_loras: 4\n")
                .contains("  max_cpu_loras: 16\n");
    }

    @Test
    void anOperatorsOptionsStayAsGiven() {
        ServerCommand command =
                command("trtllm-serve", "trtllm-serve --extra_llm_api_options=own.yaml --port 8");
        assertThat(command.words())
                .contains("--extra_llm_api_options=own.yaml")
                .containsSubsequence("--port", "8")
                .doesNotContain("--extra_llm_api_options", "9000");
        assertThat(command.files()).isEmpty();
    }

    @Test
    void theCheckpointMayStandWhereTheOperatorWantsIt() {
        assertThat(command("vllm", "nice vllm serve {checkpoint} --seed 1").words())
                .startsWith("nice", "vllm", "serve", "/models/base", "--seed", "1")
                .containsOnlyOnce("/models/base");
    }

    @Test
    void theCheckpointFollowsAModuleOfPythons() {
        assertThat(command("vllm", "python3 -m vllm.serve --seed 1").words())
                .startsWith("python3", "-m", "vllm.serve", "/models/base", "--seed", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --host localhost", " --host=::1"})
    void loopbackIsNotExposed(String options) {
        assertThat(command("vllm", "vllm serve" + options).exposed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--host 0.0.0.0,0.0.0.0", "--host=10.1.2.3,10.1.2.3"})
    void anotherAddressIs(String option, String address) {
        assertThat(command("vllm", "vllm serve " + option).exposed()).hasValue(address);
    }
}
