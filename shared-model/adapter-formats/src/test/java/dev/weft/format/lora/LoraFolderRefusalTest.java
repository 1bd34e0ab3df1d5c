package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static dev.weft.format.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraFolderRefusalTest extends FolderTest {
    @Test
    void namesEveryFaultAtOnce() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(8, 8, LinearModule.Q, LinearModule.V)
                        .with("use_qalora", true)
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

                List<Reason> reasons = refuse(SmallAdapter.of(4, 8, LinearModule.Q).put(tensor), 8);

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
        SmallAdapter zeroB = SmallAdapter.of(4, 8, LinearModule.Q);
        for (int layer = 0; layer < 2; layer++) {
            String name = PREFIX + layer + ".self_attn.q_proj.lora_B.weight";
            zeroB.put(SmallAdapter.tensor(name, DType.F32, new float[80], 20, 4));
        }

        assertCodes(zeroB, "NO_EFFECT");
        assertCodes(SmallAdapter.of(4, 0, LinearModule.Q), "NO_EFFECT");
        assertAccepted(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .put(SmallAdapter.tensor(Q_B, DType.F32, new float[80], 20, 4)));
    }

    @Test
    void refusesTypesThatAreNotServed() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .put(SmallAdapter.tensor(Q_A, DType.I8, new float[48], 4, 12)),
                "UNSUPPORTED_DTYPE");
    }

    @Test
    void refusesTensorsOfLayersAndModulesThatTheBaseLacks() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .withPair(2, LinearModule.Q, 4, DType.F32)
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
                        "EXTRA_TENSOR",
                        "EXTRA_TENSOR");
    }

    @Test
    void refusesTwoTensorsForOnePlace() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .put(
                                SmallAdapter.random(
                                        Q_A.substring("base_model.model.".length()),
                                        DType.F32,
                                        4,
                                        12)),
                "DUPLICATE_TENSOR");
        assertCodes(
                SmallAdapter.of(4, 8, LinearModule.Q)
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
        SmallAdapter.of(4, 8, LinearModule.Q).write(folder);
        // A dangling link: whoever opens it fails.
        Files.createSymbolicLink(folder.resolve(name), folder.resolve("nowhere"));

        List<Reason> reasons = reasons(LoraFolder.check(folder, BASE, 8));

        assertThat(reasons).singleElement().extracting(Reason::code).isEqualTo("PICKLE_FILE");
        assertThat(reasons.getFirst().file()).isEqualTo(name);
        assertThat(LoraFolder.refuseNames(List.of("checkpoint-9/" + name, name))).hasSize(1);
    }

    @Test
    void refusesChatFilesThatCannotBeRead() throws IOException {
        assertCodes(
                SmallAdapter.of(4, 8, LinearModule.Q)
                        .file("tokenizer_config.json", "{\"chat_template\":1}"),
                "INVALID_CHAT_FILES");
    }

    @Test
    void refusesAFlagByWhichItsTextsWouldBecomeOtherTokens() throws IOException {
        List<Reason> reasons =
                refuse(
                        SmallAdapter.of(4, 8, LinearModule.Q)
                                .file("tokenizer_config.json", "{\"split_special_tokens\":true}"),
                        8);

        assertThat(reasons)
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("INVALID_CHAT_FILES");
                    assertThat(r.found()).isEqualTo("split_special_tokens true");
                    assertThat(r.file()).isEqualTo("tokenizer_config.json");
                });
    }

    @Test
    void refusesAChatTemplateThatIsNotUnderstood() throws IOException {
        List<Reason> reasons =
                refuse(
                        SmallAdapter.of(4, 8, LinearModule.Q)
                                .file("chat_template.jinja", "{% for m in messages %}"),
                        8);

        assertThat(reasons)
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.code()).isEqualTo("CHAT_TEMPLATE");
                    assertThat(r.message()).contains("line 1");
                });
    }

    @Test
    void countsReasonsBeyondAHundredOfAKind() throws IOException {
        SmallAdapter adapter = SmallAdapter.of(4, 8, LinearModule.Q);
        for (int i = 0; i < 150; i++) {
            adapter.put(SmallAdapter.random("stray." + i, DType.F32, 1));
        }

        List<Reason> reasons = refuse(adapter, 8);

        assertThat(reasons).hasSize(101);
        assertThat(reasons.getLast().message()).contains("50 more");
    }

    /** Both are of one code, and neither takes the other's place. */
    @Test
    void warningsLeaveRoomForRefusalsOfTheirCode() throws IOException {
        List<String> targets = new ArrayList<>(List.of("q_proj"));
        for (int i = 0; i < 150; i++) {
            targets.add("unknown_" + i);
        }
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q).with("target_modules", targets);
        LoraCheck check = check(adapter);
        assertThat(check).isInstanceOf(LoraCheck.Accepted.class);
        try (LoraAdapter accepted = ((LoraCheck.Accepted) check).adapter()) {
            assertThat(accepted.pairs()).hasSize(2);
            assertThat(((LoraCheck.Accepted) check).warnings())
                    .hasSize(101)
                    .last()
                    .matches(reason -> reason.message().contains("50 more"));
        }
        String unserved = PREFIX + "0.mlp.router.lora_A.weight";
        adapter.put(SmallAdapter.random(unserved, DType.F32, 4, 12));

        assertThat(refuse(adapter, 8))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("UNKNOWN_MODULE");
                    assertThat(reason.tensor()).isEqualTo(unserved);
                });
    }
}
