package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.random;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that change what is around the linear layers, and checks of them. */
abstract class AdaptersAtEdges {
    static final int TOKENS = 10;
    static final String PREFIX = "base_model.model.";
    static final String EMBEDDING = PREFIX + "model.embed_tokens.";
    static final String HEAD = PREFIX + "lm_head.";
    static final String BASE = EMBEDDING + "base_layer.weight";
    static final String BASE_OF_ROWS = "token_adapter.base_layer.weight";
    static final String DELTA = "token_adapter.trainable_tokens_delta";
    static final DecoderShape TIED = base(true);
    static final DecoderShape UNTIED = base(false);

    @TempDir Path folder;
    private int folders;

    static DecoderShape base(boolean tied) {
        return base(tied, false);
    }

    static DecoderShape base(boolean tied, boolean factorWithin) {
        Map<String, Integer> norms =
                Map.of(
                        "model.norm", 12,
                        "model.layers.0.input_layernorm", 12,
                        "model.layers.1.input_layernorm", 12);
        return new DecoderShape(
                12,
                SmallAdapter.BASE.attention(),
                18,
                Collections.nCopies(2, LinearModule.SEPARATE),
                new DecoderShape.Around(
                        TOKENS, tied, factorWithin, new TreeMap<>(norms), new TreeMap<>()));
    }

    static SmallAdapter plain() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    static SmallAdapter atEdges() {
        return plain().with("target_modules", List.of("q_proj", "embed_tokens", "lm_head"))
                .put(random(EMBEDDING + "lora_embedding_A", DType.F32, 4, TOKENS))
                .put(random(EMBEDDING + "lora_embedding_B", DType.F32, 12, 4))
                .put(random(HEAD + "lora_A.weight", DType.F32, 4, 12))
                .put(random(HEAD + "lora_B.weight", DType.F32, TOKENS, 4));
    }

    static SmallAdapter saved() {
        SmallAdapter adapter =
                plain().with("modules_to_save", List.of("norm", "lm_head"))
                        .put(random(HEAD + "weight", DType.F32, TOKENS, 12))
                        .put(random(PREFIX + "model.norm.weight", DType.F32, 12));
        for (int layer = 0; layer < 2; layer++) {
            String name = PREFIX + "model.layers." + layer + ".input_layernorm.weight";
            adapter.put(random(name, DType.F32, 12));
        }
        return adapter;
    }

    static SmallAdapter tokens(Object indices) {
        return plain().with("trainable_token_indices", indices)
                .put(random(EMBEDDING + DELTA, DType.F32, 2, 12));
    }

    LoraAdapter accept(SmallAdapter adapter, DecoderShape base) throws IOException {
        return accepted(LoraFolder.check(adapter.write(next()), base, 8));
    }

    static LoraAdapter accepted(LoraCheck check) {
        return switch (check) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    List<String> codes(SmallAdapter adapter, DecoderShape base) throws IOException {
        return reasons(adapter, base).stream().map(Reason::code).toList();
    }

    List<Reason> reasons(SmallAdapter adapter, DecoderShape base) throws IOException {
        return switch (LoraFolder.check(adapter.write(next()), base, 8)) {
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                yield List.of();
            }
            case LoraCheck.Refused(List<Reason> reasons) -> reasons;
        };
    }

    Path next() {
        return folder.resolve("folder-" + folders++);
    }
}
