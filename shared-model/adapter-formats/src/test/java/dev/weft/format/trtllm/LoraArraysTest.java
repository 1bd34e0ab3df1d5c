package dev.weft.format.trtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraArraysTest {
    private static final List<LoraPair> EXAMPLE =
            List.of(
                    pair(0, LinearModule.Q, 2, 1, floats(1, 2, 3, 4), floats(10, 20, 30, 40)),
                    pair(0, LinearModule.V, 2, 1, floats(5, 6, 7, 8), floats(50, 60)));

    @TempDir private Path folder;

    @Test
    void writesNvidiasLayoutByteForByte() throws Exception {
        Path out = folder.resolve("new/out");

        write(EXAMPLE, NpyType.FLOAT16, out);

        byte[] weights = Files.readAllBytes(out.resolve("model.lora_weights.npy"));
        byte[] config = Files.readAllBytes(out.resolve("model.lora_config.npy"));
        assertThat(header(weights))
                .isEqualTo(
                        padded("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2, 8), }"));
        assertThat(data(weights))
                .isEqualTo("003c004000420044004d005180530055" + "00450046004700484056805700000000");
        assertThat(header(config))
                .isEqualTo(
                        padded("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2, 3), }"));
        assertThat(data(config)).isEqualTo("010000000000000001000000" + "030000000000000001000000");
        assertThat(out.toFile().list()).hasSize(2);
        assertThat(folder.resolve("new").toFile().list()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, <f4, 0000803f00000040000040400000804000002041",
        "BFLOAT16, |V2, 803f004040408040a041"
    })
    void storesTheOtherTypesOfLoraPluginToo(NpyType type, String descr, String start)
            throws Exception {
        write(
                List.of(
                        pair(
                                3,
                                LinearModule.Q,
                                type == NpyType.FLOAT32 ? 1 : 2,
                                1,
                                floats(1, 2, 3, 4),
                                floats(10, 20, 30, 40))),
                type,
                folder.resolve("out"));

        byte[] weights = Files.readAllBytes(folder.resolve("out/model.lora_weights.npy"));
        assertThat(header(weights)).contains("'descr': '" + descr + "'");
        assertThat(data(weights)).startsWith(start);
    }

    @Test
    void givesEachRowItsOwnRankAndScale() throws Exception {
        List<LoraPair> pairs =
                List.of(
                        pair(0, LinearModule.Q, 0.5f, 2, floats(1, 2, 3, 4), floats(2, 4, 6, 8)),
                        pair(1, LinearModule.DOWN, 4, 1, floats(1, 2, 3), floats(1, 2)));
        try (Arena arena = Arena.ofConfined()) {
            LoraArrays arrays = LoraArrays.of(adapter(pairs), NpyType.FLOAT32, arena);

            assertThat(arrays.weights().shape()).containsExactly(1L, 2L, 8L);
            assertThat(floats(arrays.weights().data()))
                    .containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 8, 0, 0, 0);
            assertThat(arrays.config().data().toArray(java.lang.foreign.ValueLayout.JAVA_INT))
                    .containsExactly(1, 0, 2, 6, 1, 1);
        }
    }

    @Test
    void roundsToTheNearestBfloat16TiesToEven() throws Exception {
        float half = 1 + 1f / 256; // between 1 and the next bfloat16, 1 + 1/128
        float above = Math.nextUp(half);
        float oddHalf = 1 + 3f / 256;
        List<LoraPair> pairs =
                List.of(
                        pair(
                                0,
                                LinearModule.Q,
                                1,
                                1,
                                floats(half, above, oddHalf, -half),
                                floats(1, 1, 1, 1)));

        write(pairs, NpyType.BFLOAT16, folder.resolve("out"));

        byte[] weights = Files.readAllBytes(folder.resolve("out/model.lora_weights.npy"));
        assertThat(data(weights)).startsWith("803f" + "813f" + "823f" + "80bf");
    }

    @Test
    void refusesWhatTheTypeCantHold() {
        List<LoraPair> large =
                List.of(pair(0, LinearModule.Q, 2, 1, floats(1, 2, 3, 4), floats(1, 40000, 1, 1)));
        List<LoraPair> small =
                List.of(pair(0, LinearModule.Q, 1, 1, floats(1, 2, 3, 4), floats(1e-9f, 0, 0, 0)));

        assertThatThrownBy(() -> write(large, NpyType.FLOAT16, folder.resolve("out")))
                .isInstanceOf(ConversionException.class)
                .hasMessage(
                        "0.q_proj.B: 40000.0 at index 1, times the scale 2.0, is too large for"
                                + " float16; allowed: a type with a larger range, float32 or"
                                + " bfloat16");
        assertThatThrownBy(() -> write(small, NpyType.FLOAT16, folder.resolve("out")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("0.q_proj.B: every value")
                .hasMessageContaining("rounds to zero in float16");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void addsToAFolderThatIsThereButReplacesNothing() throws Exception {
        Files.writeString(folder.resolve("adapter_config.json"), "{}");

        write(EXAMPLE, NpyType.FLOAT16, folder);
        byte[] before = Files.readAllBytes(folder.resolve("model.lora_weights.npy"));

        assertThatThrownBy(() -> write(EXAMPLE, NpyType.FLOAT32, folder))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("model.lora_weights.npy");
        assertThat(Files.readAllBytes(folder.resolve("model.lora_weights.npy"))).isEqualTo(before);
        assertThat(folder.toFile().list()).hasSize(3);
    }

    private static void write(List<LoraPair> pairs, NpyType type, Path out)
            throws ConversionException, IOException {
        try (Arena arena = Arena.ofConfined()) {
            LoraArrays.of(adapter(pairs), type, arena).write(out);
        }
    }

    private static LoraAdapter adapter(List<LoraPair> pairs) {
        var modules = pairs.stream().map(LoraPair::module).collect(Collectors.toSet());
        var facts = new LoraFacts(1, 2, false, new TreeSet<>(modules), "F32", 1);
        return new LoraAdapter(new AdapterDigest("0".repeat(64)), facts, pairs, Arena.ofAuto());
    }

    private static LoraPair pair(
            int layer, LinearModule module, float scale, int rank, float[] a, float[] b) {
        String name = layer + "." + module.shortName() + ".";
        long in = a.length / rank;
        long out = b.length / rank;
        return new LoraPair(
                layer,
                module,
                scale,
                new Tensor(name + "A", DType.F32, List.of((long) rank, in), segment(a)),
                new Tensor(name + "B", DType.F32, List.of(out, (long) rank), segment(b)));
    }

    private static MemorySegment segment(float[] values) {
        var bytes = java.nio.ByteBuffer.allocate(4 * values.length);
        bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return MemorySegment.ofArray(bytes.array());
    }

    private static float[] floats(float... values) {
        return values;
    }

    private static float[] floats(MemorySegment data) {
        return data.toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
    }

    private static String header(byte[] file) {
        assertThat(Arrays.copyOf(file, 10))
                .containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0x76, 0);
        return new String(file, 10, 118, StandardCharsets.US_ASCII);
    }

    private static String padded(String dictionary) {
        return dictionary + " ".repeat(117 - dictionary.length()) + "\n";
    }

    private static String data(byte[] file) {
        return HexFormat.of().formatHex(file, 128, file.length);
    }
}
