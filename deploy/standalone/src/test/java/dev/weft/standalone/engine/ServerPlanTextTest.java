package dev.weft.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** {@code engine plan} for servers beside a worker. */
class ServerPlanTextTest extends EngineCommandFixture {
    private String plan(String engine, String relay) throws IOException {
        Files.writeString(
                file,
                FILE.replace(
                        "weft: {triton: {model-repository: models}}",
                        "weft: {engine: %s, relay: {%s, max-cpu-loras: 16}, inference: {max-loras: 4}}"
                                .formatted(engine, relay)));
        CommandLineRun run = engine("plan");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void vllmsCommandHasEverythingThatWeftNeeds() throws IOException {
        assertThat(plan("vllm", "command: vllm serve --seed 7"))
                .contains(
                        "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True",
                        "VLLM_RUNTIME_LORA_ALLOWED_PATH_PREFIXES="
                                + folder.resolve("data/worker/relay"),
                        "vllm serve " + folder.resolve("base") + " --seed 7 --host 127.0.0.1",
                        "--served-model-name desk --enable-lora",
                        "--max-lora-rank 16 --max-loras 4 --max-cpu-loras 16");
    }

    @Test
    void anOptionThatContradictsTheWorkerIsRefused() throws IOException {
        Files.writeString(
                file,
                FILE.replace(
                        "weft: {triton: {model-repository: models}}",
                        "weft: {engine: vllm, relay: {command: vllm serve --max-loras 1},"
                                + " inference: {max-loras: 4}}"));
        CommandLineRun run = engine("plan");
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("weft.relay.command: --max-loras 1: at least 4 is allowed");
    }

    @Test
    void aServerThatRunsAlreadyIsToldOfItsPort() throws IOException {
        assertThat(plan("vllm", "url: 'http://127.0.0.1:8123', shared-dir: /lora"))
                .contains(
                        "# The server at weft.relay.url is not the worker's",
                        "--port 8123",
                        "VLLM_RUNTIME_LORA_ALLOWED_PATH_PREFIXES=/lora ");
    }

    @Test
    void trtllmServesFileIsShown() throws IOException {
        assertThat(plan("trtllm-serve", "command: trtllm-serve"))
                .contains(
                        "--extra_llm_api_options "
                                + folder.resolve("data/worker/server/trtllm-serve.yaml"),
                        "# " + folder.resolve("data/worker/server/trtllm-serve.yaml"),
                        "  max_lora_rank: 16\n  max_loras: 4\n  max_cpu_loras: 16\n");
    }

    @Test
    void sglangHasItsOwnOptions() throws IOException {
        assertThat(plan("sglang", "command: python3 -m sglang.launch_server"))
                .contains(
                        "python3 -m sglang.launch_server --model-path " + folder.resolve("base"),
                        "--max-loras-per-batch 5 --max-loaded-loras 16");
    }
}
