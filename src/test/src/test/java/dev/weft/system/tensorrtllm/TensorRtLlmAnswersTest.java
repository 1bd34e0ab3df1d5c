package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.npy.NpyType;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import dev.weft.system.answer.SampleAnswers;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the answers of the TensorRT-LLM engine on Triton's own library and the test backend. This
 * backend computes the sample's decoder in C with the adapters that it gets, so a wrong layout or
 * scale of weights would change the answers.
 */
@OnTriton
class TensorRtLlmAnswersTest extends SampleAnswers {
    @AutoClose private static RunningFleet fleet;
    private static Path adapters;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        TestBackend.load();
        adapters = Files.createDirectories(folder.resolve("adapters"));
        Path repository =
                TestEngine.of(Sample.base())
                        .built("max_batch_size", 16)
                        .model("batch", 16)
                        .write(folder);
        fleet =
                RunningFleet.start(
                        Sample.deploymentFile(),
                        folder.resolve("data"),
                        "weft.engine=tensorrt-llm",
                        "weft.catalog.file-roots=" + adapters,
                        "weft.triton.model-repository=" + repository,
                        "weft.triton.backends=" + TestBackend.backends());
    }

    @Override
    protected URI gateway() {
        return fleet.gateway();
    }

    @Test
    void anAdapterThatIsNothingButItsArraysAnswersAsItsPeftFilesDo() throws Exception {
        Path arrays = ArrayAdaptersTest.convert("sql", NpyType.FLOAT32, adapters.resolve("pair"));
        fleet.admin().register("pair", arrays);
        fleet.admin().awaitReady("pair");
        try (Client client = new Client(fleet.gateway())) {
            Http.await("the gateway lists it", () -> listed(client, "pair"));
            for (Sample.Prompt prompt : Sample.heldOut().counted().subList(0, 4)) {
                assertThat(client.ask("pair", prompt.text()))
                        .isEqualTo(client.ask("sql", prompt.text()));
            }
        }
        fleet.admin().remove("pair");
    }

    private static boolean listed(Client client, String name) {
        return client.api().models().list().data().stream().anyMatch(m -> m.id().equals(name));
    }

    @Test
    void theWorkerShowsTritonsMetrics() throws Exception {
        String metrics = Http.get(fleet.worker().resolve("/metrics")).body();
        assertThat(metrics)
                .contains("nv_inference_request_success{")
                .contains("nv_trt_llm_request_metrics{")
                .contains("nv_trt_llm_kv_cache_block_metrics{")
                .contains("vllm:num_requests_running");
    }
}
