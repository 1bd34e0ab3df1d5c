package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoraFolderTest extends FolderTest {
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void acceptsAllModulesInEveryServedType(DType dtype) throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.SEPARATE.toArray(LinearModule[]::new));
        for (int layer = 0; layer < 2; layer++) {
            for (LinearModule module : LinearModule.SEPARATE) {
                adapter.withPair(layer, module, 4, dtype);
            }
        }

        LoraCheck check = check(adapter);

        assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
        LoraCheck.Accepted accepted = (LoraCheck.Accepted) check;
        try (LoraAdapter lora = accepted.adapter()) {
            assertThat(accepted.warnings()).isEmpty();
            assertThat(lora.pairs()).hasSize(14).allMatch(pair -> pair.scale() == 2f);
            assertThat(lora.facts().modules()).containsExactlyElementsOf(LinearModule.SEPARATE);
            assertThat(lora.facts().dtype()).isEqualTo(dtype.name());
            assertThat(lora.facts().rank()).isEqualTo(4);
            LoraPair first = lora.pairs().getFirst();
            assertThat(first.a().shape()).containsExactly(4L, 12L);
            assertThat(first.b().shape()).containsExactly(20L, 4L);
            assertThat(first.a().get(0)).isBetween(0.09f, 1.1f);
        }
    }

    @Test
    void scalesByRootOfTheRankAndHonoursPatternsAsPeftDoes() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.V, LinearModule.DOWN)
                        .with("use_rslora", true)
                        .with("rank_pattern", Map.of("layers.1.self_attn.q_proj", 2))
                        .with("alpha_pattern", Map.of("^model.*\\.0\\.mlp\\.down_proj", 12.5))
                        .withPair(1, LinearModule.Q, 2, DType.F32);

        Map<String, Double> scales = new TreeMap<>();
        try (LoraAdapter lora = accept(adapter)) {
            lora.pairs()
                    .forEach(p ->
                            scales.put(p.layer() + p.module().shortName(), (double) p.scale()));
            assertThat(lora.facts().rank()).isEqualTo(4);
        }

        assertThat(scales.get("0q_proj")).isCloseTo(4.0, within(1e-6));
        assertThat(scales.get("1q_proj")).isCloseTo(8 / Math.sqrt(2), within(1e-6));
        assertThat(scales.get("0down_proj")).isCloseTo(12.5 / 2, within(1e-6));
        assertThat(scales.get("1down_proj")).isCloseTo(4.0, within(1e-6));
    }

    @Test
    void takesTheFirstPatternOfTheFileWhereSeveralMatch() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .edit(t ->
                                t.replace("}", ",\"alpha_pattern\":{\"q_proj\":4,\".*proj\":2}}"));

        try (LoraAdapter lora = accept(adapter)) {
            assertThat(lora.pairs()).allMatch(pair -> pair.scale() == 1f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attn_q,attn_k,attn_v,attn_dense | Q,K,V,O",
                "mlp_h_to_4h,mlp_gate,mlp_4h_to_h | GATE,UP,DOWN",
                "q_proj,self_attn.v_proj | Q,V"
            })
    void readsTargetsInBothWorldsNames(String names, String modules) throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, modules(modules))
                        .with("target_modules", List.of(names.split(",")));

        assertAccepted(adapter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*\\.(q_proj|v_proj)",
                "model\\.layers\\.\\d+\\.self_attn\\.(?P<kind>q|v)_proj",
                ".*attn_(q|v)",
                "(?:.*?(?:language|text).*?(?:k_proj).*?)|(?:\\bmodel\\.layers\\.[\\d]{1,}\\.(?:self_attn)\\.(?:(?:q_proj|v_proj)))"
            })
    void readsTargetsAsAnExpressionOverTheWholePath(String expression) throws IOException {
        assertAccepted(
                SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.V)
                        .with("target_modules", expression));
    }

    @Test
    void readsAllLinearAndHonoursExcludedModules() throws IOException {
        LinearModule[] most = {
            LinearModule.Q,
            LinearModule.K,
            LinearModule.V,
            LinearModule.O,
            LinearModule.GATE,
            LinearModule.UP
        };

        assertAccepted(
                SmallAdapter.of(4, 8, most)
                        .with("target_modules", "all-linear")
                        .with("exclude_modules", List.of("down_proj")));
        assertAccepted(
                SmallAdapter.of(4, 8, most)
                        .with("target_modules", "all-linear")
                        .with("exclude_modules", ".*down_proj"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[1]"})
    void honoursLayersToTransform(String layers) throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .drop(Q_A)
                        .drop(Q_B)
                        .edit(t -> t.replace("}", ",\"layers_to_transform\":" + layers + "}"));

        assertAccepted(adapter);
        assertAccepted(adapter.with("layers_pattern", "layers"));
        assertAccepted(adapter.with("layers_pattern", "(layers|h)"));
        assertAccepted(
                adapter.with("layers_pattern", "layers")
                        .with("task_type", "FEATURE_EXTRACTION")
                        .rename(name -> name.replace("model.model.", "model.")));
    }

    @Test
    void readsNamesWithTheAdaptersNameAndWithoutTheWrappersPrefix() throws IOException {
        assertAccepted(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .rename(n -> n.replace(".weight", ".default.weight")));
        assertAccepted(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .rename(n -> n.substring("base_model.model.".length())));
    }

    @Test
    void warnsOfFilesThatAreNoPartOfTheAdapter() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q)
                .file("README.md", "x")
                .file("training_args.bin", "x")
                .file("tokenizer.json", "{}")
                .write(folder);

        LoraCheck.Accepted accepted = (LoraCheck.Accepted) LoraFolder.check(folder, BASE, 8);

        accepted.adapter().close();
        assertThat(accepted.warnings())
                .extracting(Reason::file)
                .containsExactlyInAnyOrder("training_args.bin", "tokenizer.json");
    }

    @Test
    void warnsOfAnExpressionThatItsBaseHasToHave() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q)
                .file(
                        "tokenizer_config.json",
                        "{\"fix_mistral_regex\":true,\"split_special_tokens\":false}")
                .write(folder);

        LoraCheck.Accepted accepted = (LoraCheck.Accepted) LoraFolder.check(folder, BASE, 8);

        accepted.adapter().close();
        assertThat(accepted.warnings())
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("IGNORED_SETTING");
                    assertThat(r.found()).isEqualTo("fix_mistral_regex true");
                });
    }

    @Test
    void warnsOfAnotherBaseName() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q).write(folder);

        LoraCheck.Accepted same =
                (LoraCheck.Accepted) LoraFolder.check(folder, BASE, 8, "owner/base");
        LoraCheck.Accepted other =
                (LoraCheck.Accepted) LoraFolder.check(folder, BASE, 8, "owner/two");

        same.adapter().close();
        other.adapter().close();
        assertThat(same.warnings()).isEmpty();
        assertThat(other.warnings())
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("OTHER_BASE_NAME");
                    assertThat(r.found()).isEqualTo("owner/base");
                });
    }
}
