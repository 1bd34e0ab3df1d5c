package dev.weft.inference.tensorrtllm.backend;

import dev.weft.format.trtllm.EngineDemands;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmSettings;
import dev.weft.protocol.adapter.LoraPlugin;
import java.nio.file.Path;
import java.util.List;

/** Settings for the test backend: two slots, 1 MiB of host cache, rank 16. */
public final class TestBackendSettings {
    public static final int QUEUE = 64;

    /** A source for models that take tokens. */
    public static final EngineStart.TokenizerSource NO_TOKENIZER =
            checkpoint -> {
                throw new IllegalStateException("no tokenizer is needed for " + checkpoint);
            };

    private TestBackendSettings() {}

    /** The three types of TensorRT-LLM's plugin. */
    public enum Plugin {
        FLOAT16(LoraPlugin.FLOAT16, "TYPE_FP16"),
        BFLOAT16(LoraPlugin.BFLOAT16, "TYPE_BF16"),
        FLOAT32(LoraPlugin.FLOAT32, "TYPE_FP32");

        public final LoraPlugin type;
        public final String declared;

        Plugin(LoraPlugin type, String declared) {
            this.type = type;
            this.declared = declared;
        }
    }

    public static TensorRtLlmSettings of(Path repository) {
        return of(repository, LoraPlugin.FLOAT16);
    }

    public static TensorRtLlmSettings of(Path repository, LoraPlugin type) {
        return of(repository, type, 2);
    }

    public static TensorRtLlmSettings of(Path repository, int slots) {
        return of(repository, LoraPlugin.FLOAT16, slots);
    }

    private static TensorRtLlmSettings of(Path repository, LoraPlugin type, int slots) {
        return new TensorRtLlmSettings(
                new TensorRtLlmSettings.Model(repository, TestBackend.backends(), "tensorrt_llm"),
                new ShelfSize(slots, 1 << 20),
                asked(type, 16),
                QUEUE,
                8,
                repository.resolveSibling("adapters"));
    }

    /** Demands on an engine, for adapters of a type up to a rank. */
    public static EngineDemands asked(LoraPlugin type, int rank) {
        return new EngineDemands(
                new EngineDemands.Lora(type, rank, List.of()),
                0,
                new EngineDemands.Batch(null, 8, 512),
                1,
                false);
    }
}
