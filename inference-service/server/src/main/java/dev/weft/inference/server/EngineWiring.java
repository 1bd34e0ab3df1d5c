package dev.weft.inference.server;

import dev.weft.deployment.WeftSettings;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmSettings;
import dev.weft.protocol.adapter.AdapterDigest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the engine that a deployment asks for. */
final class EngineWiring {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWiring.class);

    /** A compiled engine may need a while for its first step. */
    private static final Duration FIRST_TOKEN = Duration.ofMinutes(1);

    private EngineWiring() {}

    /** The engine for these options, and how it reads adapters. */
    static WorkerParts parts(WorkerOptions options) {
        EngineFactory factory = engine(options);
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
     * The engine for these options; {@code auto} takes TensorRT-LLM if there are a GPU and a built
     * engine, else says why not if the deployment asks for a GPU.
     */
    private static EngineFactory engine(WorkerOptions options) {
        return switch (options.engine()) {
            case CPU -> cpu(options);
            case TENSORRT_LLM -> tensorRtLlm(options);
            case AUTO -> {
                Optional<String> missing = EngineStart.missing(tensorRtLlmSettings(options));
                if (missing.isPresent() && options.gpu().asked()) {
                    LOG.info("the embedded engine serves, without a GPU: {}", missing.get());
                }
                yield missing.isPresent() ? cpu(options) : tensorRtLlm(options);
            }
        };
    }

    /** Checks adapters as the catalog did, against the base that the engine runs. */
    private static AdapterReader adapters(EngineDescription engine) {
        return new AdapterReader() {
            @Override
            public LoraCheck read(Path folder) {
                return LoraFolder.check(folder, engine.model(), engine.maxRank());
            }

            @Override
            public LoraCheck reopen(Path folder, AdapterDigest digest) {
                return LoraFolder.reopen(folder, engine.model(), engine.maxRank(), digest);
            }
        };
    }

    private static EngineFactory tensorRtLlm(WorkerOptions options) {
        if (options.settings().precision() == WeftSettings.Precision.INT8) {
            throw new IllegalStateException(
                    "weft.inference.precision is int8, which the embedded engine has; that of"
                            + " TensorRT-LLM is built into its engine: leave the key out, or take"
                            + " weft.engine: cpu");
        }
        TensorRtLlmSettings settings = tensorRtLlmSettings(options);
        EngineStart.require(settings);
        return (folder, progress) ->
                SelfTest.passed(
                        EngineStart.open(folder, settings, BaseTokenizer::open, progress),
                        FIRST_TOKEN);
    }

    private static TensorRtLlmSettings tensorRtLlmSettings(WorkerOptions options) {
        WeftSettings.Inference settings = options.settings();
        WorkerOptions.Gpu gpu = options.gpu();
        return new TensorRtLlmSettings(
                new TensorRtLlmSettings.Model(
                        gpu.triton().modelRepository(),
                        gpu.triton().backends(),
                        gpu.triton().model()),
                shelfSize(settings),
                gpu.asksOfEngine(),
                settings.maxQueue(),
                settings.maxRows(),
                options.data().resolve("llmapi-adapters"));
    }

    private static EngineFactory cpu(WorkerOptions options) {
        WeftSettings.Inference settings = options.settings();
        CpuEngineSettings cpu =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(
                                settings.threads(), Kernels.Choice.AUTO, precision(settings)),
                        new CpuEngineSettings.Adapters(shelfSize(settings), options.maxLoraRank()),
                        new CpuEngineSettings.Batch(
                                settings.maxRows(),
                                settings.maxBatchTokens(),
                                settings.maxQueue(),
                                settings.maxTokenGap()),
                        new CpuEngineSettings.Context(
                                settings.maxModelLength(),
                                settings.kvCacheTokens(),
                                settings.prefixCache()),
                        options.metrics().enabled());
        return (folder, progress) -> CpuEngine.open(folder, cpu, progress);
    }

    private static ShelfSize shelfSize(WeftSettings.Inference settings) {
        return settings.hostCacheBytes() == null
                ? ShelfSize.of(settings.maxLoras())
                : new ShelfSize(settings.maxLoras(), settings.hostCacheBytes().toBytes());
    }

    private static Precision precision(WeftSettings.Inference settings) {
        return switch (settings.precision()) {
            case BF16 -> Precision.BF16;
            case INT8 -> Precision.INT8;
        };
    }
}
