package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyFile;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.DType;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests adapters in the form of TensorRT-LLM's two arrays, alone or beside the files of PEFT. */
class ArrayFolderTest extends FolderTest {
    private static final SmallAdapter MIXED =
            SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.V, LinearModule.DOWN)
                    .with("rank_pattern", Map.of("layers.1.self_attn.q_proj", 2))
                    .with("alpha_pattern", Map.of("down_proj", 2.0))
                    .withPair(1, LinearModule.Q, 2, DType.F32);

    @ParameterizedTest
    @EnumSource(
            value = NpyType.class,
            names = {"FLOAT16", "FLOAT32", "BFLOAT16"})
    void readsBackWhatWasConverted(NpyType type) throws Exception {
        try (LoraAdapter peft = accept(MIXED);
                LoraAdapter arrays = accept(convert(peft, type))) {
            assertThat(arrays.pairs()).hasSameSizeAs(peft.pairs());
            assertThat(arrays.facts().rank()).isEqualTo(4);
            assertThat(arrays.facts().modules()).isEqualTo(peft.facts().modules());
            float rounding =
                    switch (type) {
                        case FLOAT32 -> 0;
                        case FLOAT16 -> 1f / 2048;
                        case BFLOAT16, INT32 -> 1f / 256;
                    };
            for (int i = 0; i < peft.pairs().size(); i++) {
                assertSame(peft.pairs().get(i), arrays.pairs().get(i), rounding);
            }
        }
    }

    @Test
    void convertsToTheSameBytesAgain() throws Exception {
        try (LoraAdapter peft = accept(MIXED)) {
            Path first = convert(peft, NpyType.FLOAT16);
            try (LoraAdapter arrays = accept(first);
                    Arena arena = Arena.ofConfined()) {
                LoraArrays.of(arrays, NpyType.FLOAT16, arena).write(folder.resolve("second"));
            }
            for (String file : AdapterFiles.ARRAYS) {
                assertThat(Files.readAllBytes(folder.resolve("second").resolve(file)))
                        .isEqualTo(Files.readAllBytes(first.resolve(file)));
            }
        }
    }

    @Test
    void hasADigestOfItsValuesAloneAndOpensAgain() throws Exception {
        try (LoraAdapter peft = accept(MIXED)) {
            Path out = convert(peft, NpyType.FLOAT32);
            try (LoraAdapter alone = accept(out)) {
                Files.writeString(
                        out.resolve("adapter_config.json"),
                        MIXED.configText().replace("\"lora_alpha\":8.0,", ""));
                try (LoraAdapter configured = accept(out)) {
                    assertThat(configured.digest()).isEqualTo(alone.digest());
                }
                LoraCheck again = LoraFolder.reopen(out, BASE, 8, alone.digest());
                assertThat(again).isInstanceOf(LoraCheck.Accepted.class);
                ((LoraCheck.Accepted) again).adapter().close();
                edit(
                        out,
                        AdapterFiles.WEIGHTS_ARRAY,
                        data -> data.set(ValueLayout.JAVA_BYTE, 2, (byte) 9));
                try (LoraAdapter changed = accept(out)) {
                    assertThat(changed.digest()).isNotEqualTo(alone.digest());
                }
            }
        }
    }

    @Test
    void holdsTheConfigurationToItsRows() throws Exception {
        Path out = converted();
        Files.writeString(
                out.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":2,\"target_modules\":[\"attn_q\",\"attn_k\"]}");

        List<Reason> reasons = reasons(LoraFolder.check(out, BASE, 8));

        assertThat(reasons)
                .extracting(Reason::code)
                .contains("SHAPE_MISMATCH", "MISSING_TENSOR", "EXTRA_TENSOR");
        assertThat(reasons).extracting(Reason::file).containsOnly("model.lora_weights.npy");
    }

    /** They would be lost, and the adapter another one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use_dora\":true",
                "\"alora_invocation_tokens\":[1,2]",
                "\"modules_to_save\":[\"lm_head\"]",
                "\"trainable_token_indices\":[5]"
            })
    void refusesWhatRowsCannotHold(String setting) throws Exception {
        Path out = converted();
        Files.writeString(
                out.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":2,\"target_modules\":[\"attn_q\"],%s}"
                        .formatted(setting));

        List<Reason> reasons = reasons(LoraFolder.check(out, BASE, 8));

        assertThat(reasons)
                .filteredOn(reason -> reason.code().equals("UNSUPPORTED_SETTING"))
                .singleElement()
                .extracting(Reason::message)
                .asString()
                .contains(setting.substring(1, setting.indexOf(':') - 1), "arrays");
    }

    @Test
    void refusesTheShapeOfTheSeedsPageAndShowsBoth() throws Exception {
        Path out = converted();
        write(out, AdapterFiles.WEIGHTS_ARRAY, NpyType.FLOAT16, 2, 4, 12, 12);

        Reason reason = reasons(LoraFolder.check(out, BASE, 8)).getFirst();

        assertThat(reason.code()).isEqualTo("SHAPE_MISMATCH");
        assertThat(reason.message())
                .contains("model.lora_weights.npy")
                .contains("[2, 4, 12, 12]")
                .contains("[1, rows, width], NVIDIA's layout: in each row A [rank][in], then");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, UNKNOWN_MODULE, row 0, module 8",
        "0, 0, UNKNOWN_MODULE, row 0, module 0",
        "4, 2, UNKNOWN_LAYER, row 1, layer 2",
        "4, -1, UNKNOWN_LAYER, row 1, layer -1",
        "5, 0, INVALID_RANK, row 1, rank 0",
        "5, 9, RANK_OVER_MAXIMUM, row 1, 9",
        "3, 1, DUPLICATE_TENSOR, base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight,"
                + " base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
        "5, 1000000000, SHAPE_MISMATCH, row 1, '[1, 6, 128]'"
    })
    void refusesRowsThatDoNotFit(int index, int value, String code, String place, String found)
            throws Exception {
        Path out = converted();
        edit(
                out,
                AdapterFiles.CONFIG_ARRAY,
                data -> data.setAtIndex(ValueLayout.JAVA_INT, index, value));
        if (value == 9) {
            widen(out, 400);
        }

        List<Reason> reasons = reasons(LoraFolder.check(out, BASE, 8));

        assertThat(reasons)
                .anySatisfy(reason -> {
                    assertThat(reason.code()).isEqualTo(code);
                    assertThat(reason.tensor()).isEqualTo(place);
                    assertThat(reason.found()).isEqualTo(found);
                });
    }

    @Test
    void refusesRowsThatHoldMoreThanTheirModuleTakes() throws Exception {
        Path out = converted();
        edit(out, AdapterFiles.CONFIG_ARRAY, data -> data.setAtIndex(ValueLayout.JAVA_INT, 2, 3));

        assertThat(reasons(LoraFolder.check(out, BASE, 8)))
                .singleElement()
                .satisfies(reason ->
                        assertThat(reason.message())
                                .contains(
                                        "row 0: holds more than"
                                                + " model.layers.0.self_attn.q_proj"));
    }

    @Test
    void refusesDoraAndTakesTheFourthColumnWhereItIsZero() throws Exception {
        Path out = converted();
        int[] rows;
        try (Arena arena = Arena.ofConfined()) {
            rows =
                    NpyFile.open(out.resolve(AdapterFiles.CONFIG_ARRAY), arena)
                            .data()
                            .toArray(ValueLayout.JAVA_INT);
        }
        int[] wide = new int[rows.length / 3 * 4];
        for (int i = 0; i < rows.length; i++) {
            wide[i / 3 * 4 + i % 3] = rows[i];
        }
        write(out, AdapterFiles.CONFIG_ARRAY, MemorySegment.ofArray(wide), 1, 6, 4);
        accept(out).close();

        wide[7] = 1;
        write(out, AdapterFiles.CONFIG_ARRAY, MemorySegment.ofArray(wide), 1, 6, 4);

        assertThat(reasons(LoraFolder.check(out, BASE, 8)).getFirst().message())
                .contains("row 1: is of DoRA, which is not served");
    }

    @Test
    void refusesValuesThatAreNotFiniteAndArraysWithoutEffect() throws Exception {
        Path out = converted();
        edit(
                out,
                AdapterFiles.WEIGHTS_ARRAY,
                data -> data.setAtIndex(ValueLayout.JAVA_SHORT, 1, (short) 0x7c00));
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("NOT_FINITE");

        edit(out, AdapterFiles.WEIGHTS_ARRAY, data -> data.fill((byte) 0));
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("NO_EFFECT");
    }

    @Test
    void refusesArraysOfOtherTypesShapesAndHalfAPair() throws Exception {
        Path out = converted();
        write(out, AdapterFiles.WEIGHTS_ARRAY, NpyType.INT32, 1, 6, 128);
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("UNSUPPORTED_DTYPE");
        write(out, AdapterFiles.WEIGHTS_ARRAY, NpyType.FLOAT16, 1, 5, 128);
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("SHAPE_MISMATCH");
        write(out, AdapterFiles.CONFIG_ARRAY, NpyType.FLOAT32, 1, 5, 3);
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("UNSUPPORTED_DTYPE");
        write(out, AdapterFiles.CONFIG_ARRAY, NpyType.INT32, 5, 3);
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("SHAPE_MISMATCH");
        Files.writeString(out.resolve(AdapterFiles.CONFIG_ARRAY), "something else");
        assertThat(codes(LoraFolder.check(out, BASE, 8))).containsExactly("MALFORMED_NPY");
        Files.delete(out.resolve(AdapterFiles.CONFIG_ARRAY));
        assertThat(reasons(LoraFolder.check(out, BASE, 8)))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("FILE_MISSING");
                    assertThat(reason.file()).isEqualTo("model.lora_config.npy");
                });
    }

    @Test
    void takesTensorsWithArraysThatSayTheSameAndKeepsTheirDigest() throws Exception {
        try (LoraAdapter alone = accept(MIXED)) {
            Path out = convert(alone, NpyType.BFLOAT16);
            for (String file : AdapterFiles.ARRAYS) {
                Files.copy(out.resolve(file), folder.resolve(file));
            }
            assertThat(CanonicalAdapter.files(folder))
                    .containsExactly("adapter_config.json", "adapter_model.safetensors");
            assertThat(CanonicalAdapter.files(out)).containsExactlyElementsOf(AdapterFiles.ARRAYS);
            try (LoraAdapter both = accept(folder)) {
                assertThat(both.digest()).isEqualTo(alone.digest());
            }
        }
    }

    @Test
    void refusesArraysThatAreAnotherAdapterThanTheTensorsBesideThem() throws Exception {
        Path out = converted();
        for (String file : AdapterFiles.ARRAYS) {
            Files.copy(out.resolve(file), folder.resolve(file));
        }
        MIXED.write(folder);
        edit(
                folder,
                AdapterFiles.WEIGHTS_ARRAY,
                data -> data.setAtIndex(ValueLayout.JAVA_SHORT, 3, Float.floatToFloat16(2)));

        assertThat(reasons(LoraFolder.check(folder, BASE, 8)))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("ARRAYS_DIFFER");
                    assertThat(reason.tensor()).isEqualTo("row 0");
                    assertThat(reason.found()).startsWith("2.0 for ");
                });
    }

    private LoraAdapter accept(Path path) {
        return switch (LoraFolder.check(path, BASE, 8)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    /** The arrays of {@link #MIXED} in float16. */
    private Path converted() throws Exception {
        try (LoraAdapter peft = accept(MIXED)) {
            return convert(peft, NpyType.FLOAT16);
        }
    }

    private Path convert(LoraAdapter adapter, NpyType type) throws Exception {
        Path out = folder.resolve("out");
        try (Arena arena = Arena.ofConfined()) {
            LoraArrays.of(adapter, type, arena).write(out);
        }
        return out;
    }

    private static void assertSame(LoraPair peft, LoraPair arrays, float rounding) {
        assertThat(arrays.layer()).isEqualTo(peft.layer());
        assertThat(arrays.module()).isEqualTo(peft.module());
        assertThat(arrays.scale()).isEqualTo(1);
        assertThat(arrays.a().shape()).isEqualTo(peft.a().shape());
        assertThat(arrays.b().shape()).isEqualTo(peft.b().shape());
        for (int i = 0; i < peft.a().elements(); i++) {
            float want = peft.a().get(i);
            assertThat(Math.abs(arrays.a().get(i) - want)).isLessThanOrEqualTo(want * rounding);
        }
        for (int i = 0; i < peft.b().elements(); i++) {
            float want = peft.b().get(i) * peft.scale();
            assertThat(Math.abs(arrays.b().get(i) - want)).isLessThanOrEqualTo(want * rounding);
        }
    }

    private static void edit(Path folder, String file, Consumer<MemorySegment> change)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            NpyArray array = NpyFile.open(folder.resolve(file), arena);
            MemorySegment data = arena.allocate(array.data().byteSize(), Long.BYTES);
            data.copyFrom(array.data());
            change.accept(data);
            NpyArray changed = new NpyArray(array.type(), array.shape(), data);
            NpyFile.write(folder.resolve(file), changed);
        }
    }

    /** Makes rows longer and pads them with zeros. */
    private static void widen(Path folder, int width) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            NpyArray array = NpyFile.open(folder.resolve(AdapterFiles.WEIGHTS_ARRAY), arena);
            int rows = array.shape().get(1).intValue();
            int old = array.shape().get(2).intValue();
            short[] from = array.data().toArray(ValueLayout.JAVA_SHORT);
            short[] to = new short[rows * width];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(from, row * old, to, row * width, old);
            }
            write(
                    folder,
                    AdapterFiles.WEIGHTS_ARRAY,
                    NpyType.FLOAT16,
                    MemorySegment.ofArray(to),
                    1,
                    rows,
                    width);
        }
    }

    private static void write(Path folder, String file, NpyType type, long... shape)
            throws IOException {
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        write(
                folder,
                file,
                type,
                MemorySegment.ofArray(new byte[(int) elements * type.bytes()]),
                shape);
    }

    private static void write(Path folder, String file, MemorySegment ints, long... shape)
            throws IOException {
        write(folder, file, NpyType.INT32, ints, shape);
    }

    private static void write(
            Path folder, String file, NpyType type, MemorySegment data, long... shape)
            throws IOException {
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        NpyFile.write(folder.resolve(file), new NpyArray(type, sizes, data));
    }
}
