package dev.weft.inference.server.engine;

import dev.weft.deployment.Deployment;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.server.checkpoint.DraftVocabulary;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.kernels.DeployedKernels;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.server.settings.DeployedEngine;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.TritonSettings;
import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmSettings;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.service.DataFolder;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.MetricsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the engine that a deployment asks for. */
record EngineWiring(
        Deployment deployment,
        InferenceSettings settings,
        TritonSettings triton,
        MetricsSettings metrics,
        DataFolder data) {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWiring.class);

    /** A compiled engine may need a while for its first step. */
    private static final Duration FIRST_TOKEN = Duration.ofMinutes(1);

    /** The engine of that choice, and how it reads adapters. */
    WorkerParts parts(EngineSettings.Choice choice) {
        EngineFactory factory = engine(choice);
        return new WorkerParts() {
            @Override
            public EngineFactory engine() {
                return factory;
            }

            @Override
            public AdapterReader adapters(EngineDescription engine) {
                return EngineWiring.adapters(engine);
            }
        };
    }

    /**
     * The engine of that choice. {@code auto} takes TensorRT-LLM if there are a GPU and a built
     * engine, else the embedded one; if the deployment asks for a GPU, the log says why it gets
     * none.
     */
    private EngineFactory engine(EngineSettings.Choice choice) {
        return switch (choice) {
            case CPU -> cpu();
            case TENSORRT_LLM -> tensorRtLlm();
            case VLLM, TRTLLM_SERVE, SGLANG ->
                    throw new IllegalStateException(
                            choice.word() + " does not run inside this process");
            case AUTO -> {
                Optional<String> missing = EngineStart.missing(tensorRtLlmSettings());
                if (missing.isPresent() && deployment.useGpu()) {
                    LOG.info(
                            "the file asks for a GPU; the embedded engine serves on the CPU: {}",
                            missing.get());
                }
                yield missing.isPresent() ? cpu() : tensorRtLlm();
            }
        };
    }

    /** Checks adapters as the catalog did, against the base that the engine runs. */
    private static AdapterReader adapters(EngineDescription engine) {
        return new AdapterReader() {
            @Override
            public LoraCheck read(Path folder) {
                return LoraFolder.check(folder, engine.model().shape(), engine.maxRank());
            }

            @Override
            public LoraCheck reopen(Path folder, AdapterDigest digest) {
                return LoraFolder.reopen(folder, engine.model().shape(), engine.maxRank(), digest);
            }
        };
    }

    private EngineFactory tensorRtLlm() {
        if (settings.precision() == InferenceSettings.PrecisionChoice.INT8) {
            throw new IllegalStateException(
                    "weft.inference.precision is int8, which the embedded engine has; that of"
                            + " TensorRT-LLM is built into its engine: leave the key out, or take"
                            + " weft.engine: cpu");
        }
        if (settings.kvCachePrecision() == InferenceSettings.CachePrecision.INT8) {
            throw new IllegalStateException(
                    "weft.inference.kv-cache-precision is int8, which the embedded engine has; that"
                        + " of TensorRT-LLM is built into its engine: leave the key out, or take"
                        + " weft.engine: cpu");
        }
        TensorRtLlmSettings asked = tensorRtLlmSettings();
        EngineStart.require(asked);
        return (folder, progress) ->
                SelfTest.passed(
                        EngineStart.open(folder, asked, BaseTokenizer::open, progress),
                        FIRST_TOKEN);
    }

    private TensorRtLlmSettings tensorRtLlmSettings() {
        return new TensorRtLlmSettings(
                new TensorRtLlmSettings.Model(
                        triton.modelRepository(), triton.backends(), triton.model()),
                shelfSize(),
                DeployedEngine.demands(deployment),
                settings.maxQueue(),
                settings.maxRows(),
                data.path().resolve("llmapi-adapters"));
    }

    private EngineFactory cpu() {
        CpuEngineSettings cpu =
                new CpuEngineSettings(
                        DeployedKernels.of(settings, data.path()),
                        new CpuEngineSettings.Adapters(shelfSize(), deployment.lora().maxRank()),
                        new CpuEngineSettings.Batch(
                                settings.maxRows(),
                                settings.maxBatchTokens(),
                                settings.maxQueue(),
                                settings.maxTokenGap(),
                                new CpuEngineSettings.Drafts(
                                        settings.speculativeTokens(), settings.draftModel())),
                        new CpuEngineSettings.Context(
                                settings.maxModelLength(),
                                settings.kvCacheTokens(),
                                settings.prefixCache(),
                                kvPrecision()),
                        metrics.enabled());
        Path drafts = settings.draftModel();
        return (folder, progress) -> {
            if (drafts != null) {
                DraftVocabulary.require(folder, drafts);
            }
            return CpuEngine.open(folder, cpu, progress);
        };
    }

    private KvPrecision kvPrecision() {
        return switch (settings.kvCachePrecision()) {
            case INT16, BF16 -> KvPrecision.INT16;
            case INT8 -> KvPrecision.INT8;
        };
    }

    private ShelfSize shelfSize() {
        OptionalLong bytes = settings.hostCache();
        return bytes.isEmpty()
                ? ShelfSize.of(settings.maxLoras())
                : new ShelfSize(settings.maxLoras(), bytes.getAsLong());
    }
}
