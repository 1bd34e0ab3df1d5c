package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ExpertShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.weight.ExpertChanges.Projection;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters of experts: layer 1 of the base has three of them. */
class ExpertAdaptersTest {
    private static final int EXPERTS = 3;
    private static final int WIDTH = 6;
    private static final String LAYER = "base_model.model.model.layers.1.mlp.experts.";
    private static final List<String> BOTH =
            List.of("mlp.experts.gate_up_proj", "mlp.experts.down_proj");

    private static final DecoderShape BASE =
            new DecoderShape(
                    12,
                    SmallAdapter.BASE.attention(),
                    18,
                    Collections.nCopies(2, LinearModule.SEPARATE),
                    new DecoderShape.Around(
                            10,
                            true,
                            false,
                            new TreeMap<>(),
                            new TreeMap<>(
                                    Map.of(
                                            1,
                                            new ExpertShape(
                                                    EXPERTS,
                                                    12,
                                                    WIDTH,
                                                    new ExpertTensors.Single(
                                                            "mlp.experts.",
                                                            "gate_proj",
                                                            "up_proj",
                                                            "down_proj"))))));

    @TempDir Path folder;
    private int folders;

    @Test
    void readsParametersOfAllExperts() throws IOException {
        try (LoraAdapter adapter = accept(parameters())) {
            assertThat(adapter.around().experts().stacks())
                    .extracting(stack -> stack.projection() + " " + stack.path().inner())
                    .containsExactly("GATE_UP true", "DOWN false");
            assertThat(adapter.extras()).containsExactly("LoRA of experts");
        }
    }

    /** A key matches the end of a path from a dot on, and is no other name of a module. */
    @Test
    void aPatternOfDenseLayersIsNoneOfExperts() throws IOException {
        SmallAdapter dense =
                parameters()
                        .with("alpha_pattern", patterns("mlp.gate_up_proj", "mlp.down_proj"))
                        .with("rank_pattern", Map.of("mlp.down_proj", 2));
        try (LoraAdapter adapter = accept(dense)) {
            assertThat(adapter.around().experts().stacks())
                    .extracting(stack -> stack.projection() + " " + stack.scale())
                    .containsExactly("GATE_UP 2.0", "DOWN 2.0");
        }
        try (LoraAdapter adapter =
                accept(parameters().with("alpha_pattern", patterns("other", "down_proj")))) {
            assertThat(adapter.around().experts().stacks())
                    .extracting(stack -> stack.projection() + " " + stack.scale())
                    .containsExactly("GATE_UP 2.0", "DOWN 4.0");
        }
    }

    /** As PEFT saves it for gpt-oss. */
    @Test
    void parametersAloneTargetNoModule() throws IOException {
        SmallAdapter alone =
                withoutLinear(parameters().edit(json -> json.replaceAll("\\[\"q_proj\"]", "null")));
        try (LoraAdapter adapter = accept(alone)) {
            assertThat(adapter.pairs()).isEmpty();
            assertThat(adapter.around().experts().stacks()).hasSize(2);
        }
    }

    /** PEFT wraps the experts once if one parameter is targeted. */
    @Test
    void aParameterAloneIsTheOnlyWrapper() throws IOException {
        SmallAdapter alone =
                plain().with("target_parameters", List.of("experts.gate_up_proj"))
                        .put(random(LAYER + "lora_A.weight", DType.F32, 4 * EXPERTS, 12))
                        .put(random(LAYER + "lora_B.weight", DType.F32, 2 * WIDTH, 4 * EXPERTS));
        try (LoraAdapter adapter = accept(alone)) {
            assertThat(adapter.around().experts().stacks())
                    .singleElement()
                    .satisfies(
                            stack -> assertThat(stack.projection()).isEqualTo(Projection.GATE_UP));
        }
    }

    @Test
    void readsPairsOfSingleExperts() throws IOException {
        try (LoraAdapter adapter = accept(modules())) {
            assertThat(adapter.around().experts().pairs())
                    .extracting(pair -> pair.path().expert() + " " + pair.projection())
                    .containsExactly("0 DOWN", "2 GATE");
        }
    }

    @Test
    void isWrittenAndReadAgain() throws IOException {
        for (SmallAdapter adapter :
                List.of(
                        parameters(),
                        modules(),
                        modules(SmallAdapter.of(8, 8, LinearModule.Q))
                                .with("r", 4)
                                .with("rank_pattern", Map.of("q_proj", 8)))) {
            Path from = next();
            Path to = Files.createDirectory(next());
            adapter.write(from);
            try (LoraAdapter accepted = accepted(LoraFolder.check(from, BASE, 8))) {
                // compares the digests itself
                CanonicalAdapter.normalise(from, accepted, BASE, to);
            }
        }
    }

    @Test
    void refusesWhatTheBaseDoesNotHave() throws IOException {
        assertThat(codes(pair(modules(), 3, "up_proj", WIDTH, 12))).contains("EXTRA_TENSOR");
        assertThat(codes(pair(modules(), 1, "w1", WIDTH, 12))).contains("EXTRA_TENSOR");
        assertThat(codes(pair(modules(), 1, "up_proj", 12, WIDTH)))
                .containsExactly("SHAPE_MISMATCH", "SHAPE_MISMATCH");
        assertThat(codes(modules().drop(LAYER + "0.down_proj.lora_A.weight")))
                .containsExactly("MISSING_TENSOR");
        assertThat(codes(parameters().with("target_parameters", List.of("experts.down_proj"))))
                .containsExactly("EXTRA_TENSOR", "EXTRA_TENSOR");
        assertThat(codes(plain().with("target_parameters", List.of("self_attn.sinks"))))
                .containsExactly("UNKNOWN_MODULE");
        assertThat(codes(parameters().with("use_dora", true))).contains("UNSUPPORTED_SETTING");
        SmallAdapter elsewhere =
                plain().put(
                                random(
                                        "base_model.model.model.layers.0.mlp.experts.lora_A.weight",
                                        DType.F32,
                                        12,
                                        12));
        assertThat(codes(elsewhere)).containsExactly("UNKNOWN_MODULE");
    }

    @Test
    void refusesAScaleThatIsNoFloat() throws IOException {
        for (SmallAdapter adapter : List.of(parameters(), modules())) {
            adapter.with("lora_alpha", 1e300).with("alpha_pattern", Map.of("q_proj", 8));
            assertThat(reasons(adapter))
                    .singleElement()
                    .satisfies(reason -> {
                        assertThat(reason.code()).isEqualTo("INVALID_VALUE");
                        assertThat(reason.tensor()).isEqualTo("lora_alpha");
                    });
        }
    }

    @Test
    void refusesTensorsBesideThoseOfAPair() throws IOException {
        String down = LAYER + "0.down_proj.";
        assertThat(codes(modules().put(random(down + "lora_B.bias", DType.F32, 12))))
                .containsExactly("EXTRA_TENSOR");
        assertThat(codes(modules().put(random(down + "lora_magnitude_vector", DType.F32, 12))))
                .containsExactly("EXTRA_TENSOR");
    }

    /** Which experts are targeted their tensors tell, so that none may be. */
    @Test
    void refusesExpertsOfWhichNothingIsThere() throws IOException {
        String experts = ".*experts\\..*\\.(gate|up|down)_proj";
        SmallAdapter others = plain().with("target_modules", experts);
        assertThat(codes(others)).hasSize(4).containsOnly("EXTRA_TENSOR");
        SmallAdapter none = withoutLinear(others);
        assertThat(codes(none)).containsExactly("NO_EFFECT");
        assertThat(codes(pair(none, 0, "down_proj", 12, WIDTH))).isEmpty();
    }

    /** PEFT would apply changes of experts before the invocation too. */
    @Test
    void refusesAnInvocationWithExperts() throws IOException {
        for (SmallAdapter adapter : List.of(parameters(), modules())) {
            assertThat(reasons(adapter.with("alora_invocation_tokens", List.of(1, 2))))
                    .singleElement()
                    .satisfies(reason -> {
                        assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                        assertThat(reason.tensor()).isEqualTo("alora_invocation_tokens");
                        assertThat(reason.found()).isEqualTo("[1, 2]");
                    });
        }
    }

    /** PEFT converts them when it loads them on transformers 5, and not on 4. */
    @Test
    void refusesWhatVersionsReadDifferentlyOfSingleExperts() throws IOException {
        assertThat(reasons(modules().with("use_rslora", true)))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                    assertThat(reason.tensor()).isEqualTo("use_rslora");
                });
        for (String setting : List.of("rank_pattern", "alpha_pattern")) {
            for (String key :
                    List.of(
                            "experts.0.down_proj",
                            "experts.2.gate_proj",
                            ".*experts.*",
                            "mlp.experts.gate_up_proj",
                            "experts.down_proj")) {
                assertThat(reasons(modules().with(setting, Map.of(key, 4))))
                        .as(key)
                        .singleElement()
                        .satisfies(reason -> {
                            assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                            assertThat(reason.tensor()).isEqualTo(setting + "." + key);
                        });
            }
        }
        SmallAdapter down = pair(plain(), 0, "down_proj", 12, WIDTH);
        down.with("target_modules", ".*(q_proj|experts\\..*\\.down_proj)");
        assertThat(codes(down.with("use_rslora", true))).as("nothing is fused").isEmpty();
        assertThat(codes(modules().with("alpha_pattern", Map.of("q_proj", 4)))).isEmpty();
    }

    /** As PEFT on transformers 5 saves them. */
    @Test
    void parametersOfAllExpertsMayHaveRsLoraAndPatterns() throws IOException {
        String pattern = ".*\\.down_proj";
        SmallAdapter adapter = parameters().with("alpha_pattern", Map.of(pattern, 16));
        try (LoraAdapter accepted = accept(adapter.with("use_rslora", true))) {
            assertThat(accepted.around().experts().stacks())
                    .extracting(stack -> stack.projection() + " " + stack.scale())
                    .containsExactly("GATE_UP 4.0", "DOWN 8.0");
        }
    }

    @Test
    void refusesTwoChangesOfAProjection() throws IOException {
        SmallAdapter both = modules().with("target_parameters", BOTH.subList(1, 2));
        both.put(random(LAYER + "lora_A.weight", DType.F32, 4 * EXPERTS, WIDTH))
                .put(random(LAYER + "lora_B.weight", DType.F32, 12, 4 * EXPERTS));
        assertThat(reasons(both))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("UNSUPPORTED_SETTING");
                    assertThat(reason.tensor()).isEqualTo("target_parameters");
                    assertThat(reason.message()).contains("model.layers.1.mlp.experts.0.down_proj");
                });
        both.drop(LAYER + "0.down_proj.lora_A.weight").drop(LAYER + "0.down_proj.lora_B.weight");
        assertThat(reasons(both)).as("a gate and another projection's stack").isEmpty();
    }

    @Test
    void theRankIsThatOfOneExpert() throws IOException {
        Path from = next();
        parameters().write(from);
        assertThat(LoraFolder.check(from, BASE, 2))
                .isInstanceOfSatisfying(
                        LoraCheck.Refused.class,
                        refused ->
                                assertThat(refused.reasons())
                                        .extracting(Reason::code)
                                        .contains("RANK_OVER_MAXIMUM"));
        try (LoraAdapter adapter = accept(parameters())) {
            assertThat(adapter.facts().rank()).isEqualTo(4);
        }
    }

    /** PEFT saw no {@code model.} before the layers of a decoder alone. */
    @Test
    void matchesPatternsOfADecoderAloneAsPeftDid() throws IOException {
        String inModel = "model.layers.1.mlp.experts.";
        String inAlone = "layers.1.mlp.experts.";
        SmallAdapter modules =
                alone(modules())
                        .with(
                                "target_modules",
                                "layers\\..*(q_proj|experts\\..*\\.(gate|up|down)_proj)")
                        .with(
                                "alpha_pattern",
                                patterns(inModel + "0.down_proj", "^" + inAlone + "2.gate_proj"));
        assertThat(reasons(modules))
                .extracting(Reason::tensor)
                .containsExactly("alpha_pattern.^" + inAlone + "2.gate_proj");
        SmallAdapter parameters =
                alone(parameters())
                        .with("target_parameters", List.of(inAlone + "gate_up_proj", BOTH.get(1)))
                        .with(
                                "alpha_pattern",
                                patterns(inModel + "gate_up_proj", "^" + inAlone + "down_proj"));
        try (LoraAdapter adapter = accept(parameters)) {
            assertThat(adapter.around().experts().stacks())
                    .extracting(stack -> stack.projection() + " " + stack.scale())
                    .containsExactly("GATE_UP 2.0", "DOWN 4.0");
        }
        assertThat(codes(parameters.with("target_parameters", List.of(inModel + "down_proj"))))
                .contains("UNKNOWN_MODULE");
    }

    private static Map<String, Object> patterns(String of12, String of16) {
        return Map.of(of12, 12, of16, 16);
    }

    private static SmallAdapter alone(SmallAdapter adapter) {
        return adapter.with("task_type", "FEATURE_EXTRACTION")
                .rename(name -> name.replace("model.model.", "model."));
    }

    private static SmallAdapter plain() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private static SmallAdapter parameters() {
        String inner = LAYER + "base_layer.";
        return plain().with("target_parameters", BOTH)
                .put(random(inner + "lora_A.weight", DType.F32, 4 * EXPERTS, 12))
                .put(random(inner + "lora_B.weight", DType.F32, 2 * WIDTH, 4 * EXPERTS))
                .put(random(LAYER + "lora_A.weight", DType.F32, 4 * EXPERTS, WIDTH))
                .put(random(LAYER + "lora_B.weight", DType.F32, 12, 4 * EXPERTS));
    }

    private static SmallAdapter withoutLinear(SmallAdapter adapter) {
        for (int layer = 0; layer < 2; layer++) {
            String name = SmallAdapter.PREFIX + layer + ".self_attn.q_proj.lora_";
            adapter.drop(name + "A.weight").drop(name + "B.weight");
        }
        return adapter;
    }

    private static SmallAdapter modules() {
        return modules(plain());
    }

    private static SmallAdapter modules(SmallAdapter plain) {
        SmallAdapter adapter =
                plain.with("target_modules", ".*(q_proj|experts\\..*\\.(gate|up|down)_proj)");
        return pair(pair(adapter, 0, "down_proj", 12, WIDTH), 2, "gate_proj", WIDTH, 12);
    }

    private static SmallAdapter pair(
            SmallAdapter adapter, int expert, String name, int out, int in) {
        String prefix = LAYER + expert + "." + name;
        return adapter.put(random(prefix + ".lora_A.weight", DType.F32, 4, in))
                .put(random(prefix + ".lora_B.weight", DType.F32, out, 4));
    }

    private LoraAdapter accept(SmallAdapter adapter) throws IOException {
        return accepted(LoraFolder.check(adapter.write(next()), BASE, 8));
    }

    private static LoraAdapter accepted(LoraCheck check) {
        return switch (check) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private List<String> codes(SmallAdapter adapter) throws IOException {
        return reasons(adapter).stream().map(Reason::code).toList();
    }

    private List<Reason> reasons(SmallAdapter adapter) throws IOException {
        return switch (LoraFolder.check(adapter.write(next()), BASE, 8)) {
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                yield List.of();
            }
            case LoraCheck.Refused(List<Reason> reasons) -> reasons;
        };
    }

    private Path next() {
        return folder.resolve("folder-" + folders++);
    }
}
