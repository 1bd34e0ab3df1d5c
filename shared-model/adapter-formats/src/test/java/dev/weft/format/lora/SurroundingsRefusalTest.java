package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes around the linear layers are refused, and by which reason. */
class SurroundingsRefusalTest extends AdaptersAtEdges {
    /** PEFT then saves the rows of a tied base under both names. */
    @Test
    void rowsOfATiedHeadMustBeTheEmbeddings() throws IOException {
        Tensor rows = random(EMBEDDING + DELTA, DType.F32, 2, 12);
        Tensor copy = new Tensor(HEAD + DELTA, DType.F32, rows.shape(), rows.data());
        SmallAdapter adapter = tokens(List.of(3, 0)).put(copy);
        try (LoraAdapter accepted = accept(adapter, TIED);
                LoraAdapter without = accept(tokens(List.of(3, 0)), TIED)) {
            assertThat(accepted.digest()).isEqualTo(without.digest());
        }
        assertThat(codes(adapter, UNTIED)).containsExactly("EXTRA_TENSOR");
        assertThat(codes(adapter.put(random(HEAD + DELTA, DType.F32, 2, 12)), TIED))
                .containsExactly("EXTRA_TENSOR");
    }

    /** PEFT has no such variant. */
    @Test
    void refusesAnInvocationWithDora() throws IOException {
        SmallAdapter adapter =
                plain().with("alora_invocation_tokens", List.of(1, 2)).with("use_dora", true);
        assertThat(reasons(adapter, TIED))
                .filteredOn(reason -> "alora_invocation_tokens".equals(reason.tensor()))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                    assertThat(reason.found()).isEqualTo("[1, 2], with use_dora");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trainable_token_indices | [10] | INVALID_VALUE | 10",
                "trainable_token_indices | [-1] | INVALID_VALUE | -1",
                "trainable_token_indices | [2,2] | INVALID_VALUE | 2",
                "trainable_token_indices | {\"q_proj\":[1]} | INVALID_VALUE | q_proj",
                "trainable_token_indices | {\"embed_tokens\":[1],\"model.embed_tokens\":[2]} |"
                        + " INVALID_VALUE | model.embed_tokens",
                "trainable_token_indices | {\"model.embed_tokens\":[2],\"embed_tokens\":[1]} |"
                        + " INVALID_VALUE | embed_tokens",
                "trainable_token_indices | \"all\" | INVALID_VALUE | \"all\"",
                "trainable_token_indices | {\"lm_head\":[]} | INVALID_VALUE | []",
                "alora_invocation_tokens | [1,10] | INVALID_VALUE | 10",
                "alora_invocation_tokens | \"x\" | INVALID_VALUE | \"x\"",
                "modules_to_save | [\"up_proj\"] | UNSUPPORTED_SETTING | up_proj",
                "modules_to_save | \"norm\" | INVALID_VALUE | \"norm\""
            })
    void refusesValuesByName(String key, String json, String code, String found)
            throws IOException {
        SmallAdapter adapter =
                plain().edit(t ->
                        t.substring(0, t.length() - 1) + ",\"" + key + "\":" + json + "}");
        assertThat(reasons(adapter, TIED))
                .anySatisfy(reason -> {
                    assertThat(reason.code()).isEqualTo(code);
                    assertThat(reason.tensor()).startsWith(key);
                    assertThat(reason.found()).isEqualTo(found);
                });
    }

    @Test
    void refusesTensorsThatDoNotFit() throws IOException {
        assertThat(codes(saved().put(random(HEAD + "weight", DType.F32, 11, 12)), TIED))
                .containsExactly("SHAPE_MISMATCH");
        assertThat(codes(saved().drop(PREFIX + "model.norm.weight"), TIED))
                .containsExactly("MISSING_TENSOR");
        assertThat(codes(plain().put(random(HEAD + "weight", DType.F32, 11, 12)), TIED))
                .containsExactly("SHAPE_MISMATCH");
        assertThat(codes(atEdges().put(random(HEAD + "weight", DType.F32, 10, 12)), TIED))
                .containsExactly("EXTRA_TENSOR");
        assertThat(codes(plain().put(random(BASE, DType.F32, 10, 12)), TIED))
                .containsExactly("EXTRA_TENSOR");
        assertThat(codes(atEdges().put(random(BASE, DType.F32, 11, 12)), TIED))
                .containsExactly("SHAPE_MISMATCH");
        assertThat(codes(plain().put(random(EMBEDDING + "base_layer.bias", DType.F32, 12)), TIED))
                .containsExactly("EMBEDDING_ADAPTER");
        assertThat(
                        codes(
                                plain().put(
                                                random(
                                                        PREFIX
                                                                + "model.layers.0.mlp.up_proj.weight",
                                                        DType.F32,
                                                        18,
                                                        12)),
                                TIED))
                .containsExactly("UNSUPPORTED_SETTING");
        assertThat(
                        codes(
                                tokens(List.of(3, 0))
                                        .put(
                                                random(
                                                        EMBEDDING
                                                                + "token_adapter.trainable_tokens_delta",
                                                        DType.F32,
                                                        3,
                                                        12)),
                                TIED))
                .containsExactly("SHAPE_MISMATCH");
    }

    @Test
    void refusesTwoChangesOfOneModule() throws IOException {
        SmallAdapter both =
                atEdges()
                        .with("modules_to_save", List.of("lm_head"))
                        .put(random(HEAD + "weight", DType.F32, 10, 12));
        assertThat(codes(both, TIED)).contains("EXTRA_TENSOR");
        SmallAdapter tied =
                tokens(List.of(3, 0))
                        .with("modules_to_save", List.of("lm_head"))
                        .put(random(HEAD + "weight", DType.F32, 10, 12));
        assertThat(codes(tied, TIED)).containsExactly("UNSUPPORTED_SETTING");
        assertThat(codes(tied, UNTIED)).isEmpty();
        assertThat(codes(saved().with("alora_invocation_tokens", List.of(1)), TIED))
                .containsExactly("UNSUPPORTED_SETTING");
        assertThat(codes(atEdges().with("lora_bias", true), TIED)).contains("UNSUPPORTED_SETTING");
    }

    /** PEFT would give the other edge the same change. */
    @Test
    void refusesToTieOneOfTwoTiedTargets() throws IOException {
        for (List<String> targets :
                List.of(List.of("q_proj", "embed_tokens"), List.of("q_proj", "lm_head"))) {
            SmallAdapter one = atEdges().with("target_modules", targets);
            String other =
                    targets.contains("lm_head") ? EMBEDDING + "lora_embedding_" : HEAD + "lora_";
            String end = targets.contains("lm_head") ? "" : ".weight";
            one.drop(other + "A" + end).drop(other + "B" + end);
            assertThat(codes(one, TIED)).isEmpty();
            one.with("ensure_weight_tying", true);
            assertThat(reasons(one, TIED))
                    .singleElement()
                    .satisfies(reason -> {
                        assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                        assertThat(reason.tensor()).isEqualTo("ensure_weight_tying");
                        assertThat(reason.found()).contains(targets.getLast());
                    });
            assertThat(codes(one, UNTIED)).isEmpty();
        }
        assertThat(codes(plain().with("ensure_weight_tying", true), TIED)).isEmpty();
    }

    @Test
    void refusesToTieASavedEdgeOfATiedBase() throws IOException {
        SmallAdapter tied = saved().with("ensure_weight_tying", true);
        assertThat(codes(tied, TIED)).containsExactly("UNSUPPORTED_SETTING");
        assertThat(codes(tied, UNTIED)).isEmpty();
        SmallAdapter norms =
                saved().drop(HEAD + "weight")
                        .with("modules_to_save", List.of("norm"))
                        .with("ensure_weight_tying", true);
        assertThat(codes(norms, TIED)).isEmpty();
    }

    @Test
    void refusesWhatCannotBeCheckedWithoutTheBase() throws IOException {
        Path from = next();
        atEdges().write(from);
        assertThat(LoraFolder.checkAlone(from)).isInstanceOf(LoraCheck.Refused.class);
    }
}
