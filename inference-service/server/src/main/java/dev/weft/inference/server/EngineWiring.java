package dev.weft.inference.server;

import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.Precision;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.checkpoint.EngineFactory;
import dev.weft.inference.server.residency.AdapterReader;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.deployment.WeftSettings;
import dev.weft.model.lora.LoraCheck;
import dev.weft.model.lora.LoraFolder;
import java.nio.file.Path;

/** Picks the engine that a deployment asks for. */
final class EngineWiring {
    private EngineWiring() {}

    /**
     * The engine for these options.
     *
     * @throws IllegalStateException where it is one that is not served; names the key and what is
     *     allowed
     */
    static EngineFactory engine(WorkerOptions options) {
        return switch (options.engine()) {
            case AUTO, CPU -> cpu(options);
            case TENSORRT_LLM ->
                    throw new IllegalStateException(
                            "weft.engine is tensorrt-llm, which this build does not have; allowed:"
                                    + " auto, cpu");
        };
    }

    /** Checks adapters as the catalog did, against the base that the engine runs. */
    static AdapterReader adapters(EngineDescription engine) {
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

    private static EngineFactory cpu(WorkerOptions options) {
        WeftSettings.Inference settings = options.settings();
        CpuEngineSettings cpu =
                new CpuEngineSettings(
                        settings.threads(),
                        settings.maxLoras(),
                        settings.hostCacheBytes() == null ? -1 : settings.hostCacheBytes(),
                        options.maxLoraRank(),
                        settings.maxRows(),
                        settings.maxBatchTokens(),
                        settings.maxModelLength(),
                        settings.kvCacheTokens(),
                        settings.maxQueue(),
                        Kernels.Choice.AUTO,
                        precision(settings),
                        settings.prefixCache(),
                        settings.maxTokenGap());
        return (folder, progress) -> CpuEngine.open(folder, cpu, progress);
    }

    private static Precision precision(WeftSettings.Inference settings) {
        return switch (settings.precision()) {
            case BF16 -> Precision.BF16;
            case INT8 -> Precision.INT8;
        };
    }
}
