package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What adapters change around the linear layers: embedding, head, norms; and invocations. */
class SurroundingsTest extends AdaptersAtEdges {
    @Test
    void readsPairsOfEmbeddingAndHead() throws IOException {
        try (LoraAdapter adapter = accept(atEdges(), TIED)) {
            assertThat(adapter.around().pairs().keySet())
                    .containsExactly(Edge.EMBEDDING, Edge.HEAD);
            assertThat(adapter.extras())
                    .containsExactly("LoRA of lm_head", "LoRA of model.embed_tokens");
            assertThat(adapter.facts().rank()).isEqualTo(4);
            assertThat(adapter.facts().parameters())
                    .isEqualTo(2 * (4 * 12 + 20 * 4) + 2 * 4 * (TOKENS + 12));
        }
    }

    /** PEFT saw {@code embed_tokens} without a {@code model.} before it, and no head. */
    @Test
    void matchesPatternsOfADecoderAloneAsPeftDid() throws IOException {
        SmallAdapter alone =
                atEdges()
                        .drop(HEAD + "lora_A.weight")
                        .drop(HEAD + "lora_B.weight")
                        .with("task_type", "FEATURE_EXTRACTION")
                        .rename(name -> name.replace("model.model.", "model."));
        assertThat(scale(alone.with("alpha_pattern", Map.of("model.embed_tokens", 16))))
                .isEqualTo(2);
        assertThat(scale(alone.with("alpha_pattern", Map.of("^embed_tokens", 16)))).isEqualTo(4);
        assertThat(scale(alone.with("target_modules", "embed_tokens|.*q_proj"))).isEqualTo(4);
        assertThat(codes(alone.with("target_modules", "model.embed_tokens|.*q_proj"), TIED))
                .containsOnly("EXTRA_TENSOR");
    }

    private float scale(SmallAdapter adapter) throws IOException {
        try (LoraAdapter accepted = accept(adapter, TIED)) {
            Surroundings.EdgePair pair = accepted.around().pairs().get(Edge.EMBEDDING);
            return pair == null ? Float.NaN : pair.scale();
        }
    }

    /** PEFT saves them beside the change of an edge, or alone if the base has got more tokens. */
    @Test
    void readsCopiesOfTheBase() throws IOException {
        SmallAdapter wrapped = atEdges().put(random(BASE, DType.F16, TOKENS, 12));
        SmallAdapter bare = plain().put(random(HEAD + "weight", DType.BF16, TOKENS, 12));
        try (LoraAdapter adapter = accept(wrapped, TIED);
                LoraAdapter alone = accept(bare, UNTIED);
                LoraAdapter without = accept(atEdges(), TIED)) {
            assertThat(adapter.around().bases().keySet()).containsExactly(Edge.EMBEDDING);
            assertThat(adapter.around().copies()).isEmpty();
            assertThat(adapter.digest()).isNotEqualTo(without.digest());
            assertThat(alone.around().bases().keySet()).containsExactly(Edge.HEAD);
            assertThat(alone.beyondPairs())
                    .hasValueSatisfying(
                            it -> assertThat(it).contains("a copy of the base's lm_head"));
        }
    }

    /** Then it is another adapter, and its files say so to whoever has the base. */
    @Test
    void keepsThatCopiesMustBeTheBases() throws Exception {
        Path from = plain().put(random(HEAD + "weight", DType.BF16, TOKENS, 12)).write(next());
        Path to = Files.createDirectory(next());
        BaseShape base = BaseShape.plain(UNTIED);
        try (LoraAdapter free = accepted(LoraFolder.check(from, base, 8, null));
                LoraAdapter held = accepted(LoraFolder.check(from, base, 8, null, true))) {
            assertThat(free.around().sameBase()).isFalse();
            assertThat(held.around().sameBase()).isTrue();
            assertThat(held.digest()).isNotEqualTo(free.digest());
            CanonicalAdapter.normalise(from, held, UNTIED, to);
            try (LoraAdapter again = accepted(LoraFolder.check(to, UNTIED, 8));
                    LoraAdapter opened =
                            accepted(LoraFolder.reopen(from, base, 8, held.digest(), true))) {
                assertThat(again.digest()).isEqualTo(held.digest());
                assertThat(again.around().sameBase()).isTrue();
                assertThat(opened.around().sameBase()).isTrue();
            }
        }
        Path none = plain().write(next());
        try (LoraAdapter free = accepted(LoraFolder.check(none, base, 8, null));
                LoraAdapter held = accepted(LoraFolder.check(none, base, 8, null, true))) {
            assertThat(held.digest()).as("without a copy").isEqualTo(free.digest());
        }
    }

    /** PEFT matches the ends of names, so that {@code norm} takes those of the layers too. */
    @Test
    void readsSavedModules() throws IOException {
        try (LoraAdapter adapter = accept(saved(), TIED)) {
            assertThat(adapter.around().norms()).hasSize(3);
            assertThat(adapter.around().copies().keySet()).containsExactly(Edge.HEAD);
        }
    }

    @Test
    void readsRowsOfTokens() throws IOException {
        try (LoraAdapter adapter = accept(tokens(List.of(3, 0)), TIED)) {
            assertThat(adapter.around().rows().keySet()).containsExactly(Edge.EMBEDDING);
            assertThat(adapter.around().rows())
                    .hasEntrySatisfying(
                            Edge.EMBEDDING,
                            rows -> assertThat(rows.tokens()).containsExactly(3, 0));
        }
        Map<String, Object> both = Map.of("embed_tokens", List.of(3, 0), "lm_head", List.of(3, 0));
        try (LoraAdapter adapter = accept(tokens(both), TIED)) {
            assertThat(adapter.around().rows().keySet())
                    .as("tied rows are stored once")
                    .containsExactly(Edge.EMBEDDING);
        }
        assertThat(codes(tokens(both), UNTIED)).containsExactly("MISSING_TENSOR");
    }

    /** PEFT saves them if the base has got more tokens, or if it is told to. */
    @Test
    void readsCopiesOfTheBaseBesideRows() throws IOException {
        Tensor ofEmbedding = random(EMBEDDING + BASE_OF_ROWS, DType.BF16, TOKENS, 12);
        Tensor ofHead = random(HEAD + BASE_OF_ROWS, DType.BF16, TOKENS, 12);
        SmallAdapter both = tokens(List.of(3, 0)).put(ofEmbedding).put(ofHead);
        try (LoraAdapter adapter = accept(both, TIED);
                LoraAdapter one = accept(tokens(List.of(3, 0)).put(ofEmbedding), UNTIED)) {
            assertThat(adapter.around().bases().keySet())
                    .containsExactly(Edge.EMBEDDING, Edge.HEAD);
            assertThat(adapter.around().rows().keySet()).containsExactly(Edge.EMBEDDING);
            assertThat(one.around().bases().keySet()).containsExactly(Edge.EMBEDDING);
        }
        assertThat(codes(both, UNTIED)).containsExactly("EXTRA_TENSOR");
        assertThat(codes(plain().put(ofEmbedding), TIED)).containsExactly("EXTRA_TENSOR");
    }

    @Test
    void readsAnInvocation() throws IOException {
        try (LoraAdapter adapter =
                        accept(plain().with("alora_invocation_tokens", List.of(1, 2)), TIED);
                LoraAdapter other = accept(plain(), TIED)) {
            assertThat(adapter.invocation()).containsExactly(1, 2);
            assertThat(adapter.digest()).isNotEqualTo(other.digest());
        }
    }

    @Test
    void isWrittenAndReadAgain() throws IOException {
        List<SmallAdapter> adapters =
                List.of(
                        atEdges().with("alpha_pattern", Map.of("lm_head", 3)),
                        saved(),
                        atEdges().put(random(BASE, DType.F16, TOKENS, 12)),
                        plain().put(random(HEAD + "weight", DType.BF16, TOKENS, 12)),
                        tokens(List.of(3, 0)),
                        tokens(List.of(3, 0))
                                .put(random(HEAD + BASE_OF_ROWS, DType.BF16, TOKENS, 12)),
                        plain().with("alora_invocation_tokens", List.of(1, 2)));
        for (SmallAdapter adapter : adapters) {
            Path from = next();
            Path to = Files.createDirectory(next());
            adapter.write(from);
            try (LoraAdapter accepted = accepted(LoraFolder.check(from, TIED, 8))) {
                // compares the digests itself
                CanonicalAdapter.normalise(from, accepted, TIED, to);
                try (LoraAdapter again =
                        accepted(LoraFolder.reopen(to, TIED, 8, accepted.digest()))) {
                    assertThat(again.extras()).isEqualTo(accepted.extras());
                }
            }
        }
    }

    /** PEFT targets nothing that it saves whole. */
    @Test
    void aTargetThatIsSavedIsSaved() throws IOException {
        for (Object targets : List.of(List.of("q_proj", "lm_head"), ".*(q_proj|lm_head)")) {
            SmallAdapter saved =
                    plain().with("target_modules", targets)
                            .with("modules_to_save", List.of("lm_head"))
                            .put(random(HEAD + "weight", DType.F32, TOKENS, 12));
            assertThat(codes(saved, TIED)).as("%s", targets).isEmpty();
        }
    }

    /** What PEFT writes with save_embedding_layers beside modules_to_save. */
    @Test
    void readsCopiesThatAreThereTwice() throws IOException {
        Tensor head = random(HEAD + "weight", DType.F32, TOKENS, 12);
        Tensor again =
                new Tensor(
                        HEAD + "modules_to_save.weight", head.dtype(), head.shape(), head.data());
        SmallAdapter twice =
                plain().with("modules_to_save", List.of("lm_head"))
                        .put(head)
                        .put(again)
                        .put(random(HEAD + "original_module.weight", DType.F32, TOKENS, 12));
        assertThat(codes(twice, TIED)).isEmpty();
        twice.put(random(HEAD + "modules_to_save.weight", DType.F32, TOKENS, 12));
        assertThat(codes(twice, TIED)).containsExactly("DUPLICATE_TENSOR");
    }

    /** A decoder alone has no head to tie. */
    @Test
    void nothingIsTiedInADecoderAlone() throws IOException {
        SmallAdapter alone =
                plain().with("target_modules", List.of("q_proj", "lm_head"))
                        .with("ensure_weight_tying", true)
                        .with("task_type", "FEATURE_EXTRACTION")
                        .rename(name -> name.replace("model.model.", "model."));
        assertThat(codes(alone, TIED)).isEmpty();
        SmallAdapter embedding =
                atEdges()
                        .drop(HEAD + "lora_A.weight")
                        .drop(HEAD + "lora_B.weight")
                        .with("target_modules", List.of("q_proj", "embed_tokens"))
                        .with("ensure_weight_tying", true)
                        .with("task_type", "FEATURE_EXTRACTION")
                        .rename(name -> name.replace("model.model.", "model."));
        assertThat(codes(embedding, TIED)).isEmpty();
    }

    /** PEFT passes over a name that no module of the model has. */
    @Test
    void aDecoderAloneHasNoHeadToSave() throws IOException {
        SmallAdapter alone =
                plain().with("modules_to_save", List.of("lm_head"))
                        .with("task_type", "FEATURE_EXTRACTION")
                        .rename(name -> name.replace("model.model.", "model."));
        assertThat(codes(alone, TIED)).isEmpty();
    }

    /** As PEFT saves them, with the embedding as the only target. */
    @Test
    void readsPairsThatAreTied() throws IOException {
        Tensor a = random(EMBEDDING + "lora_embedding_A", DType.F32, 4, TOKENS);
        Tensor b = random(EMBEDDING + "lora_embedding_B", DType.F32, 12, 4);
        SmallAdapter tied =
                atEdges()
                        .put(a)
                        .put(b)
                        .put(turned(HEAD + "lora_A.weight", b))
                        .put(turned(HEAD + "lora_B.weight", a));
        try (LoraAdapter both = accept(tied, TIED)) {
            for (List<String> targets :
                    List.of(
                            List.of("q_proj", "embed_tokens", "model.embed_tokens"),
                            List.of("q_proj", "lm_head"),
                            List.of("q_proj", "lm_head", "embed_tokens"))) {
                tied.with("target_modules", targets).with("ensure_weight_tying", true);
                try (LoraAdapter one = accept(tied, TIED)) {
                    assertThat(one.digest()).isEqualTo(both.digest());
                }
            }
            tied.with("exclude_modules", List.of("lm_head"));
            for (String expression : List.of(".*(q_proj|embed_tokens)", ".*(q_proj|lm_head)")) {
                try (LoraAdapter one = accept(tied.with("target_modules", expression), TIED)) {
                    assertThat(one.digest()).isEqualTo(both.digest());
                }
            }
            tied.with("exclude_modules", List.of());
            tied.with("target_modules", List.of("q_proj", "lm_head", "embed_tokens"));
        }
        tied.put(random(HEAD + "lora_A.weight", DType.F32, 4, 12));
        assertThat(reasons(tied, TIED))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.tensor()).isEqualTo("ensure_weight_tying");
                    assertThat(reason.found()).contains("that differ");
                });
        assertThat(codes(tied, UNTIED)).isEmpty();
    }

    private static Tensor turned(String name, Tensor tensor) {
        int rows = tensor.shape().getFirst().intValue();
        int columns = tensor.shape().getLast().intValue();
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get((long) i % rows * columns + i / rows);
        }
        return new Tensor(
                name,
                DType.F32,
                List.of((long) columns, (long) rows),
                MemorySegment.ofArray(values));
    }

    /** A length for each of the hidden size's elements. */
    @Test
    void anEmbeddingMayHaveDoraAndNoBias() throws IOException {
        SmallAdapter dora =
                plain().with("target_modules", List.of("embed_tokens"))
                        .with("use_dora", true)
                        .put(random(EMBEDDING + "lora_embedding_A", DType.F32, 4, TOKENS))
                        .put(random(EMBEDDING + "lora_embedding_B", DType.F32, 12, 4))
                        .put(random(EMBEDDING + "lora_magnitude_vector", DType.F32, 12));
        for (int layer = 0; layer < 2; layer++) {
            for (String half : List.of("A", "B")) {
                dora.drop(
                        PREFIX
                                + "model.layers."
                                + layer
                                + ".self_attn.q_proj.lora_"
                                + half
                                + ".weight");
            }
        }
        assertThat(codes(dora, TIED)).isEmpty();
        dora.put(random(EMBEDDING + "lora_magnitude_vector", DType.F32, TOKENS));
        assertThat(codes(dora, TIED)).containsExactly("SHAPE_MISMATCH");
        dora.drop(EMBEDDING + "lora_magnitude_vector");
        assertThat(codes(dora, TIED)).containsExactly("MISSING_TENSOR");
        dora.with("use_dora", false).with("lora_bias", true);
        assertThat(codes(dora, TIED)).containsExactly("UNSUPPORTED_SETTING");
    }
}
