package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.service.ServiceStart;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A base of a family that is not described here: its weights show what adapters have to fit. */
class ShownBaseIngestTest {
    @TempDir private Path folder;

    private ServiceStart options(String engine) throws Exception {
        ServiceStart options =
                RunningCatalog.options(
                        folder, Duration.ofSeconds(60), null, 0, "weft.engine=" + engine);
        Path base = folder.resolve("base");
        Files.writeString(base.resolve("config.json"), "{\"model_type\": \"gemma3\"}");
        List<Tensor> weights = new ArrayList<>();
        String model = "language_model.model.";
        weights.add(weight(model + "embed_tokens.weight", 64, 12));
        for (int layer = 0; layer < 2; layer++) {
            String attention = model + "layers." + layer + ".self_attn.";
            weights.add(weight(attention + "q_proj.weight", 24, 12));
            weights.add(weight(attention + "k_proj.weight", 12, 12));
            weights.add(weight(attention + "v_proj.weight", 12, 12));
        }
        SafetensorsWriter.write(base.resolve("model.safetensors"), Map.of(), weights);
        return options;
    }

    private static Tensor weight(String name, long out, long in) {
        return new Tensor(
                name,
                DType.BF16,
                List.of(out, in),
                MemorySegment.ofArray(new byte[(int) (out * in) * DType.BF16.bytes()]));
    }

    private JsonNode ingest(String engine) throws Exception {
        return ingest(engine, TestAdapter.write(folder.resolve("adapters/sql"), 4, 1));
    }

    private JsonNode ingest(String engine, Path repo) throws Exception {
        ServiceStart options = options(engine);
        try (RunningCatalog catalog = RunningCatalog.start(options)) {
            return catalog.ingest("sql", repo);
        }
    }

    @Test
    void anAdapterThatFitsTheWeightsIsReadyForAServerBesideTheWorker() throws Exception {
        JsonNode version = ingest("vllm");
        assertThat(version.path("state").asString()).as(version.toString()).isEqualTo("Ready");
    }

    /** Else it would be ready, and fail at its first request. */
    @Test
    void whatOnlyTheEmbeddedEngineComputesIsRejectedForAServer() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/alora"), 4, 1);
        Path config = repo.resolve("adapter_config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\\{", "{\"alora_invocation_tokens\": [3, 5],"));
        JsonNode version = ingest("vllm", repo);
        assertThat(version.path("state").asString()).as(version.toString()).isEqualTo("Rejected");
        JsonNode reason = version.path("reasons").get(0);
        assertThat(reason.path("code").asString()).isEqualTo("UNSUPPORTED_SETTING");
        assertThat(reason.path("message").asString())
                .contains("an invocation (aLoRA)", "only the embedded engine serves");
    }

    @Test
    void theEmbeddedEngineStillNeedsADescribedFamily() throws Exception {
        JsonNode reason = ingest("cpu").path("reasons").get(0);
        assertThat(reason.path("code").asString()).isEqualTo("BASE_UNAVAILABLE");
        assertThat(reason.path("message").asString()).contains("gemma3");
    }
}
