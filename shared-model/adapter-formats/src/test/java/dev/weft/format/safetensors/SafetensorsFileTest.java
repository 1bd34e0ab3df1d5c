package dev.weft.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    @TempDir Path folder;

    @Test
    void readsWhatTheWriterWrote() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Tensor ones =
                new Tensor("ones", DType.F32, List.of(2L, 1L), MemorySegment.ofArray(new byte[8]));
        short[] halves = {(short) 0x3f80, (short) 0xbf80};
        Tensor bf16 = new Tensor("bf16", DType.BF16, List.of(2L), MemorySegment.ofArray(halves));
        SafetensorsWriter.write(file, Map.of("format", "pt"), List.of(ones, bf16));

        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile read = SafetensorsFile.open(file, arena);
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.tensors().keySet()).containsExactly("ones", "bf16");
            Tensor tensor = read.tensors().getOrDefault("bf16", ones);
            assertThat(tensor.get(0)).isEqualTo(1f);
            assertThat(tensor.get(1)).isEqualTo(-1f);
        }
    }

    /** An adapter of gigabytes is written with one matrix in the heap. */
    @Test
    void plannedTensorsAreMadeOneAtATime() throws IOException {
        Path file = folder.resolve("planned.safetensors");
        List<Long> sizes = new ArrayList<>();
        List<SafetensorsWriter.Planned> tensors = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            tensors.add(
                    new SafetensorsWriter.Planned(
                            name,
                            DType.F32,
                            List.of(2L, 1L),
                            () -> {
                                sizes.add(file.toFile().length());
                                return MemorySegment.ofArray(new byte[8]);
                            }));
        }
        SafetensorsWriter.writePlanned(file, Map.of(), tensors);
        assertThat(sizes.getLast() - sizes.getFirst()).isEqualTo(8);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(SafetensorsFile.open(file, arena).tensors()).containsOnlyKeys("a", "b");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | takes 8 bytes
                    {"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}} | leave the file
                    {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}} | shape holds -1
                    {"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}} | dtype "X9" is unknown
                    {"a":{"dtype":"F32","shape":[9007199254740993,4294967296],"data_offsets":[0,4]}} | larger than any file
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}} | overlap
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}} | leave the file
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor a: data_offsets begin at 4, allowed is 0
                    {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor b: data_offsets begin at 4, allowed is 3, where a ends
                    {"a":{"dtype":"U8","shape":[0],"data_offsets":[2,2]},"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}} | overlap
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 4 bytes at the end of the file belong to no tensor
                    {} | 8 bytes at the end
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0.0,8]}} | allowed are two integers
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}} | allowed are two integers
                    {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | shape holds 2.0
                    {"__metadata__":{"format":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | __metadata__ is no string
                    {"__metadata__":["pt"],"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | __metadata__ is no object
                    {"a": | not valid JSON
                    [1] | not a JSON object
                    """)
    void namesWhatBreaksTheFormat(String header, String message) throws IOException {
        assertThatThrownBy(() -> open(header.getBytes(StandardCharsets.UTF_8), 8))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("a.safetensors")
                .hasMessageContaining(message);
    }

    /** The reference takes these too; tensors without elements lie between the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}   ",
                "{\"__metadata__\":null,\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"y\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                        + "\"z\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}"
            })
    void takesWhatTheReferenceTakes(String header) {
        assertThatCode(() -> open(header.getBytes(StandardCharsets.UTF_8), 8))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() {
        byte[] header =
                "{\"\u00ff\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                        .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> open(header, 8))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage("a.safetensors: the header is not UTF-8");
    }

    @Test
    void refusesAHeaderLengthBeyondTheFile() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0});
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> SafetensorsFile.open(file, arena))
                    .isInstanceOf(SafetensorsException.class)
                    .hasMessageContaining("header length");
        }
    }

    @Test
    void refusesAHeaderThatIsSmallAsTextAndLargeInMemory() {
        String many = "{\"__metadata__\":{\"a\":[" + "[],".repeat(1_100_000) + "1]}}";
        String deep = "{\"a\":" + "[".repeat(1_000) + "}";

        assertThatThrownBy(() -> open(many.getBytes(StandardCharsets.UTF_8), 0))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("2000000");
        assertThatThrownBy(() -> open(deep.getBytes(StandardCharsets.UTF_8), 0))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("16");
    }

    @Test
    void refusesAHeaderBeyondItsLimit() throws IOException {
        byte[] header = " ".repeat(17 << 20).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> open(header, 0)).isInstanceOf(SafetensorsException.class);
    }

    private void open(byte[] header, int dataBytes) throws IOException {
        Path file = folder.resolve("a.safetensors");
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        Files.write(file, bytes.array());
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.open(file, arena);
        }
    }
}
