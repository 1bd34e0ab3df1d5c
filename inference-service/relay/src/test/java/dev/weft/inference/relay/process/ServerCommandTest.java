package dev.weft.inference.relay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.protocol.adapter.LinearModule;
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
        return command(engine, given, LinearModule.SEPARATE);
    }

    private ServerCommand command(String engine, String given, List<LinearModule> modules) {
        ServerPlan plan =
                new ServerPlan(
                        new ServerPlan.Base(Path.of("/models/base"), "base", modules),
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
                .containsSubsequence("--max-loras-per-batch", "5", "--max-loaded-loras", "16");
    }

    /** SGLang counts the base among a batch's adapters, and holds no fewer than a batch has. */
    @Test
    void sglangHasAPlaceForTheBaseBesideTheSlots() {
        ServerPlan plan =
                new ServerPlan(
                        new ServerPlan.Base(Path.of("/base"), "base", LinearModule.SEPARATE),
                        9000,
                        new ServerPlan.Folders(folder, folder),
                        new ServerPlan.Limits(4, 4, 8));
        assertThat(ServerCommand.of(Dialect.of("sglang"), plan, List.of("sglang")).words())
                .containsSubsequence("--max-loras-per-batch", "5", "--max-loaded-loras", "5");
    }

    /** What an adapter changes elsewhere, the server would leave out. */
    @Test
    void trtllmServeIsToldTheBasesOwnModules() {
        List<LinearModule> fused =
                List.of(LinearModule.O, LinearModule.DOWN, LinearModule.QKV, LinearModule.GATE_UP);
        assertThat(command("trtllm-serve", "trtllm-serve", fused).files().values())
                .singleElement()
                .asString()
                .contains(
                        "lora_target_modules: [attn_dense, mlp_4h_to_h, attn_qkv, mlp_gate_up]\n");
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
                command(
                        "trtllm-serve",
                        "trtllm-serve --extra_llm_api_options=own.yaml --host 0.0.0.0");
        assertThat(command.words())
                .contains("--extra_llm_api_options=own.yaml")
                .containsSubsequence("--host", "0.0.0.0")
                .doesNotContain("--extra_llm_api_options", "127.0.0.1");
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

    /** Requests would fail later, or adapters be read from the disk within a step. */
    @ParameterizedTest
    @CsvSource({
        "vllm, --port x, 1 to 65535 is allowed",
        "sglang, --port=0, 1 to 65535 is allowed",
        "vllm, --host=10.1.2.3, 127.0.0.1 alone",
        "vllm, --host ::1, 127.0.0.1 alone",
        "vllm, --api-key secret, weft.relay.api-key",
        "sglang, --api-key secret, loopback",
        "vllm, --max-loras 3, weft.inference.max-loras",
        "vllm, --max_loras=3, weft.inference.max-loras",
        "vllm, --max-cpu-loras 15, weft.relay.max-cpu-loras",
        "vllm, --max-lora-rank 16, max_lora_rank",
        "vllm, --max-lora-rank x, at least 32 is allowed",
        "sglang, --max-loras-per-batch 3, weft.inference.max-loras",
        "sglang, --max-loras-per-batch 4, at least 5 is allowed",
        "sglang, --max-loaded-loras 15, weft.relay.max-cpu-loras"
    })
    void anOptionThatContradictsTheWorkerIsRefused(String engine, String option, String allowed) {
        assertThatThrownBy(() -> command(engine, "serve " + option))
                .hasMessageStartingWith(
                        "weft.relay.command: " + option.split("[ =]", -1)[0].replace('_', '-'))
                .hasMessageContaining(allowed)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aPortMayBeNamed() {
        assertThat(command("vllm", "vllm serve --port 8123").words())
                .containsSubsequence("--port", "8123")
                .doesNotContain("9000");
        assertThat(ServerCommand.port(List.of("vllm", "serve", "--port=8123"))).hasValue(8123);
        assertThat(ServerCommand.port(List.of("vllm", "serve"))).isEmpty();
    }

    @Test
    void moreThanTheWorkerNeedsIsAllowed() {
        assertThat(command("vllm", "vllm serve --max_loras 8 --max-cpu-loras=64").words())
                .containsSubsequence("--max_loras", "8", "--max-cpu-loras=64")
                .doesNotContain("--max-loras", "--max-cpu-loras");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --host localhost", " --host=127.0.0.1"})
    void loopbackIsNotExposed(String options) {
        assertThat(command("vllm", "vllm serve" + options).exposed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--host 0.0.0.0,0.0.0.0", "--host=::,::"})
    void anotherAddressIs(String option, String address) {
        assertThat(command("vllm", "vllm serve " + option).exposed()).hasValue(address);
    }
}
