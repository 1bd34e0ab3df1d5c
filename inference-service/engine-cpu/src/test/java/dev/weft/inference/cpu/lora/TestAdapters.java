package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Adapters by number, whose rank is their number: no two take the same memory. */
final class TestAdapters {
    static final DecoderShape CONFIG =
            ModelConfig.parse(
                            """
                            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 1,
                             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
                             "intermediate_size": 56, "vocab_size": 70}
                            """)
                    .shape();

    private TestAdapters() {}

    /** For adapters that need nothing of it. */
    static final AdaptedBase NO_BASE =
            base((layer, module) -> {
                throw new AssertionError("asks for layer " + layer + " " + module);
            });

    /** A base of linear layers alone. */
    static AdaptedBase base(BiFunction<Integer, LinearModule, WeightSource> weights) {
        return new AdaptedBase() {
            @Override
            public WeightSource weights(int layer, LinearModule module) {
                return weights.apply(layer, module);
            }

            @Override
            public WeightSource head() {
                throw new AssertionError("asks for the head");
            }

            @Override
            public WeightMatrix edge(Edge edge) {
                throw new AssertionError("asks for " + edge);
            }

            @Override
            public Norm norm(String path) {
                throw new AssertionError("asks for " + path);
            }
        };
    }

    /** An adapter of pairs alone, packed. */
    static LoraSlot slot(int number, DecoderShape shape, List<LoraPair> pairs, AdaptedBase base) {
        LoraFacts facts = new LoraFacts(1, 1, false, new TreeSet<>(), "F32", 0);
        LoraAdapter adapter = new LoraAdapter(digest(number), facts, pairs, Arena.ofAuto());
        return new LoraSlot(digest(number), shape, adapter, base);
    }

    static AdapterDigest digest(int number) {
        return new AdapterDigest("%064x".formatted(number));
    }

    static LoraAdapter of(int number) {
        return of(number, Arena.ofAuto());
    }

    /** An adapter with tensors in an arena. */
    static LoraAdapter of(int number, Arena arena) {
        List<LoraPair> pairs =
                List.of(
                        pair(LinearModule.Q, number, arena),
                        pair(LinearModule.DOWN, number, arena));
        LoraFacts facts =
                new LoraFacts(
                        number,
                        number,
                        false,
                        new TreeSet<>(EnumSet.of(LinearModule.Q, LinearModule.DOWN)),
                        "F32",
                        0);
        return new LoraAdapter(digest(number), facts, pairs, arena);
    }

    private static LoraPair pair(LinearModule module, int rank, Arena arena) {
        return new LoraPair(
                0,
                module,
                1,
                tensor(rank, CONFIG.inputSize(module), arena),
                tensor(CONFIG.outputSize(module), rank, arena));
    }

    private static Tensor tensor(long rows, long columns, Arena arena) {
        return new Tensor(
                "t", DType.F32, List.of(rows, columns), arena.allocate(rows * columns * 4, 4));
    }
}
