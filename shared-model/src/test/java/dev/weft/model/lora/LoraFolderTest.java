package dev.weft.model.lora;

import static dev.weft.model.lora.SmallAdapter.BASE;
import static dev.weft.model.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.model.adapter.Reason;
import dev.weft.model.safetensors.DType;
import dev.weft.model.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoraFolderTest {
    private static final String Q_A = PREFIX + "0.self_attn.q_proj.lora_A.weight";
    private static final String Q_B = PREFIX + "0.self_attn.q_proj.lora_B.weight";

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void acceptsAllModulesInEveryServedType(DType dtype) throws IOException {
        SmallAdapter adapter = SmallAdapter.of(4, 8, LoraModule.values());
        for (int layer = 0; layer < 2; layer++) {
            for (LoraModule module : LoraModule.values()) {
                adapter.withPair(layer, module, 4, dtype);
            }
        }

        LoraCheck check = check(adapter);

        assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
        LoraCheck.Accepted accepted = (LoraCheck.Accepted) check;
        try (LoraAdapter lora = accepted.adapter()) {
            assertThat(accepted.warnings()).isEmpty();
            assertThat(lora.pairs()).hasSize(14).allMatch(pair -> pair.scale() == 2f);
            assertThat(lora.facts().modules()).containsExactly(LoraModule.values());
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
                SmallAdapter.of(4, 8, LoraModule.Q, LoraModule.V, LoraModule.DOWN)
                        .with("use_rslora", true)
                        .with("rank_pattern", Map.of("layers.1.self_attn.q_proj", 2))
                        .with("alpha_pattern", Map.of("^model.*\\.0\\.mlp\\.down_proj", 12.5))
                        .withPair(1, LoraModule.Q, 2, DType.F32);

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
                SmallAdapter.of(4, 8, LoraModule.Q)
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
                SmallAdapter.of(4, 8, LoraModule.Q, LoraModule.V)
                        .with("target_modules", expression));
    }

    @Test
    void readsAllLinearAndHonoursExcludedModules() throws IOException {
        LoraModule[] most = {
            LoraModule.Q, LoraModule.K, LoraModule.V, LoraModule.O, LoraModule.GATE, LoraModule.UP
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
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .drop(Q_A)
                        .drop(Q_B)
                        .edit(t -> t.replace("}", ",\"layers_to_transform\":" + layers + "}"));

        assertAccepted(adapter);
        assertAccepted(adapter.with("layers_pattern", "layers"));
    }

    @Test
    void readsNamesWithTheAdaptersNameAndWithoutTheWrappersPrefix() throws IOException {
        assertAccepted(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .rename(n -> n.replace(".weight", ".default.weight")));
        assertAccepted(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .rename(n -> n.substring("base_model.model.".length())));
    }

    @Test
    void namesEveryFaultAtOnce() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(8, 8, LoraModule.Q, LoraModule.V)
                        .with("use_dora", true)
                        .with("bias", "lora_only")
                        .drop(Q_B)
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "0.mlp.up_proj.lora_A.weight", DType.F32, 8, 12))
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "1.self_attn.v_proj.lora_A.weight",
                                        DType.F32,
                                        8,
                                        11))
                        .put(
                                SmallAdapter.random(
                                        "base_model.model.lm_head.weight", DType.F32, 2, 2))
                        .file("adapter_model.bin", "never read");

        List<Reason> reasons = refuse(adapter, 4);

        assertThat(reasons)
                .extracting(Reason::code)
                .contains(
                        "UNSUPPORTED_SETTING",
                        "PICKLE_FILE",
                        "RANK_OVER_MAXIMUM",
                        "MISSING_TENSOR",
                        "EXTRA_TENSOR",
                        "SHAPE_MISMATCH",
                        "EMBEDDING_ADAPTER");
        assertThat(reasons)
                .filteredOn(r -> r.code().equals("SHAPE_MISMATCH"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.file()).isEqualTo("adapter_model.safetensors");
                    assertThat(r.tensor()).isEqualTo(PREFIX + "1.self_attn.v_proj.lora_A.weight");
                    assertThat(r.found()).isEqualTo("[8, 11]");
                    assertThat(r.allowed()).isEqualTo("[8, 12]");
                    assertThat(r.message()).contains("[8, 11]", "[8, 12]", "v_proj");
                });
        assertThat(reasons)
                .filteredOn(r -> r.code().equals("RANK_OVER_MAXIMUM"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.file()).isEqualTo("adapter_config.json");
                    assertThat(r.tensor()).isEqualTo("r");
                    assertThat(r.found()).isEqualTo("8");
                    assertThat(r.allowed()).isEqualTo("1 to 4");
                });
    }

    @Test
    void namesTensorAndIndexOfAValueThatIsNotFinite() throws IOException {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
                float[] values = new float[48];
                values[17] = bad;
                Tensor tensor = SmallAdapter.tensor(Q_A, dtype, values, 4, 12);

                List<Reason> reasons = refuse(SmallAdapter.of(4, 8, LoraModule.Q).put(tensor), 8);

                assertThat(reasons)
                        .singleElement()
                        .satisfies(r -> {
                            assertThat(r.code()).isEqualTo("NOT_FINITE");
                            assertThat(r.tensor()).isEqualTo(Q_A);
                            assertThat(r.found()).endsWith("at index 17");
                        });
            }
        }
    }

    @Test
    void refusesAnAdapterThatChangesNothing() throws IOException {
        SmallAdapter zeroB = SmallAdapter.of(4, 8, LoraModule.Q);
        for (int layer = 0; layer < 2; layer++) {
            String name = PREFIX + layer + ".self_attn.q_proj.lora_B.weight";
            zeroB.put(SmallAdapter.tensor(name, DType.F32, new float[80], 20, 4));
        }

        assertCodes(zeroB, "NO_EFFECT");
        assertCodes(SmallAdapter.of(4, 0, LoraModule.Q), "NO_EFFECT");
        assertAccepted(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .put(SmallAdapter.tensor(Q_B, DType.F32, new float[80], 20, 4)));
    }

    @Test
    void refusesTypesThatAreNotServed() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .put(SmallAdapter.tensor(Q_A, DType.I8, new float[48], 4, 12)),
                "UNSUPPORTED_DTYPE");
    }

    @Test
    void refusesTensorsOfLayersAndModulesThatTheBaseLacks() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .withPair(2, LoraModule.Q, 4, DType.F32)
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "0.self_attn.qkv_proj.lora_A.weight",
                                        DType.F32,
                                        4,
                                        12))
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "0.self_attn.q_proj.lora_C.weight",
                                        DType.F32,
                                        4,
                                        12))
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "0.self_attn.q_proj.lora_B.bias", DType.F32, 20))
                        .put(
                                SmallAdapter.random(
                                        PREFIX + "0.self_attn.q_proj.lora_magnitude_vector",
                                        DType.F32,
                                        20));

        assertThat(refuse(adapter, 8))
                .extracting(Reason::code)
                .containsExactlyInAnyOrder(
                        "UNKNOWN_LAYER",
                        "UNKNOWN_LAYER",
                        "UNKNOWN_MODULE",
                        "UNKNOWN_TENSOR",
                        "UNSUPPORTED_SETTING",
                        "UNSUPPORTED_SETTING");
    }

    @Test
    void refusesTwoTensorsForOnePlace() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .put(
                                SmallAdapter.random(
                                        Q_A.substring("base_model.model.".length()),
                                        DType.F32,
                                        4,
                                        12)),
                "DUPLICATE_TENSOR");
        assertCodes(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .rename(n ->
                                n.replace(
                                        ".weight", n.contains(".0.") ? ".x.weight" : ".y.weight")),
                "DUPLICATE_TENSOR");
    }

    @Test
    void refusesFilesThatAreMissing() throws IOException {
        assertThat(codes(LoraFolder.check(folder, BASE, 8)))
                .containsExactly("FILE_MISSING", "FILE_MISSING");
        assertThat(codes(LoraFolder.check(folder.resolve("none"), BASE, 8)))
                .containsExactly("FOLDER_UNREADABLE");
    }

    @Test
    void refusesWhatIsNoRegularFile() throws IOException {
        Files.createSymbolicLink(folder.resolve("adapter_config.json"), folder.resolve("nowhere"));
        Files.createDirectory(folder.resolve("adapter_model.safetensors"));

        assertThat(codes(LoraFolder.check(folder, BASE, 8)))
                .containsExactly("FILE_MISSING", "FILE_UNREADABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter_model.bin", "x.pt", "x.PTH", "x.pkl", "x.ckpt", "x.pickle"})
    void refusesAPickleWithoutOpeningIt(String name) throws IOException {
        SmallAdapter.of(4, 8, LoraModule.Q).write(folder);
        // A dangling link: whoever opens it fails.
        Files.createSymbolicLink(folder.resolve(name), folder.resolve("nowhere"));

        List<Reason> reasons = reasons(LoraFolder.check(folder, BASE, 8));

        assertThat(reasons).singleElement().extracting(Reason::code).isEqualTo("PICKLE_FILE");
        assertThat(reasons.getFirst().file()).isEqualTo(name);
        assertThat(LoraFolder.refuseNames(List.of("checkpoint-9/" + name, name))).hasSize(1);
    }

    @Test
    void warnsOfFilesThatAreNoPartOfTheAdapter() throws IOException {
        SmallAdapter.of(4, 8, LoraModule.Q)
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
    void warnsOfAnotherBaseName() throws IOException {
        SmallAdapter.of(4, 8, LoraModule.Q).write(folder);

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

    @Test
    void refusesChatFilesThatCannotBeRead() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LoraModule.Q)
                        .file("tokenizer_config.json", "{\"chat_template\":1}"),
                "INVALID_CHAT_FILES");
    }

    @Test
    void countsReasonsBeyondAHundredOfAKind() throws IOException {
        SmallAdapter adapter = SmallAdapter.of(4, 8, LoraModule.Q);
        for (int i = 0; i < 150; i++) {
            adapter.put(SmallAdapter.random("stray." + i, DType.F32, 1));
        }

        List<Reason> reasons = refuse(adapter, 8);

        assertThat(reasons).hasSize(101);
        assertThat(reasons.getLast().message()).contains("50 more");
    }

    private LoraCheck check(SmallAdapter adapter) throws IOException {
        return LoraFolder.check(adapter.write(folder), BASE, 8);
    }

    private LoraAdapter accept(SmallAdapter adapter) throws IOException {
        return switch (check(adapter)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private void assertAccepted(SmallAdapter adapter) throws IOException {
        try (LoraAdapter lora = accept(adapter)) {
            assertThat(lora.pairs()).isNotEmpty();
        }
    }

    private void assertCodes(SmallAdapter adapter, String... codes) throws IOException {
        assertThat(refuse(adapter, 8)).extracting(Reason::code).containsExactly(codes);
    }

    private List<Reason> refuse(SmallAdapter adapter, int maxRank) throws IOException {
        return reasons(LoraFolder.check(adapter.write(folder), BASE, maxRank));
    }

    private static List<String> codes(LoraCheck check) {
        return reasons(check).stream().map(Reason::code).toList();
    }

    private static List<Reason> reasons(LoraCheck check) {
        return switch (check) {
            case LoraCheck.Refused refused -> refused.reasons();
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                throw new AssertionError("accepted with " + accepted.warnings());
            }
        };
    }

    private static LoraModule[] modules(String names) {
        return List.of(names.split(",")).stream()
                .map(LoraModule::valueOf)
                .toArray(LoraModule[]::new);
    }
}
