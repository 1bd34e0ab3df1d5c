package dev.weft.format.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyFileTest {
    private static final String HEADER =
            "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }";

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void readsWhatItWrote(NpyType type) throws IOException {
        byte[] data = new byte[6 * type.bytes()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i + 1);
        }
        Path file = folder.resolve("array.npy");

        NpyFile.write(file, new NpyArray(type, List.of(1L, 2L, 3L), MemorySegment.ofArray(data)));

        try (Arena arena = Arena.ofConfined()) {
            NpyArray array = NpyFile.open(file, arena);
            assertThat(array.type()).isEqualTo(type);
            assertThat(array.shape()).containsExactly(1L, 2L, 3L);
            assertThat(array.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
        }
    }

    @Test
    void writesTheHeaderThatNumPyWrites() throws IOException {
        Path file = folder.resolve("array.npy");

        NpyFile.write(
                file, new NpyArray(NpyType.FLOAT32, List.of(2L), MemorySegment.ofArray(bytes(8))));

        byte[] written = Files.readAllBytes(file);
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        assertThat(written)
                .hasSize(128 + 8)
                .startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(new String(written, 10, 118, StandardCharsets.US_ASCII))
                .isEqualTo(text + " ".repeat(117 - text.length()) + "\n");
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void readsEveryVersionOfTheFormat(int version) throws IOException {
        assertThat(shapeOf(file(version, HEADER, 8))).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'shape': (1, 2), 'fortran_order': False, 'descr': '<i4'}",
                "{'descr':'<i4','fortran_order':False,'shape':(1,2)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1L, 2L), }"
            })
    void readsTheDictionaryHoweverItIsSpelled(String header) throws IOException {
        assertThat(shapeOf(file(1, header, 8))).containsExactly(1L, 2L);
    }

    /** TensorRT-LLM's own type and that of ml_dtypes, as NumPy writes them. */
    @ParameterizedTest
    @CsvSource({"|V2", "<V2"})
    void readsBfloat16ThatNumPyHasNoNameFor(String descr) throws IOException {
        Path file = folder.resolve("array.npy");
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1, 2), }";
        Files.write(file, file(1, header, 4));

        try (Arena arena = Arena.ofConfined()) {
            assertThat(NpyFile.open(file, arena).type()).isEqualTo(NpyType.BFLOAT16);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '"',
            value = {
                "{'descr': '<i4', 'fortran_order': True, 'shape': (1, 2), } # 8 # fortran_order is"
                        + " True",
                "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), } # 8 # type is '>f4'",
                "{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), } # 8 # type is",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), } # 7 # takes 8 bytes",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), } # 9 # takes 8 bytes",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (9999999999999, 99999999999999),"
                        + " } # 8 # larger than any file",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,), } # 8 #"
                        + " is not that of a language model",
                "{'descr': '<i4', 'fortran_order': False} # 8 # allowed is a dictionary",
                "{'descr': '<i4', 'fortran_order': False, 'shape': 2} # 8 # allowed is a"
                        + " dictionary",
                "{'descr': '<i4', 'fortran_order': False, 'shape': 'x', } # 8 # allowed is a"
                        + " dictionary",
                "__import__('os') # 8 # allowed is a dictionary"
            })
    void refusesWhatItDoesNotRead(String header, int bytes, String message) throws IOException {
        assertRefused(file(1, header, bytes), message);
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        assertRefused(new byte[0], "is not an .npy file");
        assertRefused(
                "a pickle, or something else".getBytes(StandardCharsets.UTF_8), "is not an .npy");
        assertRefused(file(9, HEADER, 8), "is of version 9");
        byte[] cut = java.util.Arrays.copyOf(file(1, HEADER, 8), 30);
        assertRefused(cut, "does not fit a file of 30 bytes");
    }

    private void assertRefused(byte[] content, String message) {
        assertThatThrownBy(() -> shapeOf(content))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("array.npy")
                .hasMessageContaining(message);
    }

    private List<Long> shapeOf(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("array.npy"), content);
        try (Arena arena = Arena.ofConfined()) {
            return NpyFile.open(file, arena).shape();
        }
    }

    private static byte[] file(int version, String header, int dataBytes) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        out.write(new byte[] {(byte) header.length(), 0});
        if (version > 1) {
            out.write(new byte[] {0, 0});
        }
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes(dataBytes));
        return out.toByteArray();
    }

    private static byte[] bytes(int count) {
        return new byte[count];
    }
}
