package dev.weft.inference.tensorrtllm;

import dev.weft.model.npy.NpyType;
import java.nio.file.Path;

/** Settings for the test backend: two slots, 1 MiB of host cache, rank 16. */
final class TestSettings {
    static final int QUEUE = 64;

    /** For models that take tokens. */
    static final TensorRtLlmEngine.TokenizerSource NO_TOKENIZER =
            checkpoint -> {
                throw new IllegalStateException("no tokenizer is needed for " + checkpoint);
            };

    private TestSettings() {}

    /** The three types of TensorRT-LLM's plugin. */
    enum Plugin {
        FLOAT16("float16", "TYPE_FP16", NpyType.FLOAT16),
        BFLOAT16("bfloat16", "TYPE_BF16", NpyType.BFLOAT16),
        FLOAT32("float32", "TYPE_FP32", NpyType.FLOAT32);

        final String built;
        final String declared;
        final NpyType type;

        Plugin(String built, String declared, NpyType type) {
            this.built = built;
            this.declared = declared;
            this.type = type;
        }
    }

    static TensorRtLlmSettings of(Path repository) {
        return of(repository, NpyType.FLOAT16);
    }

    static TensorRtLlmSettings of(Path repository, NpyType type) {
        return of(repository, type, 2);
    }

    static TensorRtLlmSettings of(Path repository, int slots) {
        return of(repository, NpyType.FLOAT16, slots);
    }

    private static TensorRtLlmSettings of(Path repository, NpyType type, int slots) {
        return new TensorRtLlmSettings(
                repository,
                TestBackend.backends(),
                "tensorrt_llm",
                slots,
                1 << 20,
                16,
                type,
                QUEUE,
                8,
                0,
                repository.resolveSibling("adapters"));
    }
}
