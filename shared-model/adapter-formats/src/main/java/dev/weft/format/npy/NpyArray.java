package dev.weft.format.npy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array in place: row-major, little-endian. The bytes stay valid as long as the arena they came
 * from.
 *
 * @param data exactly the bytes of as many elements as the shape has
 */
public record NpyArray(NpyType type, List<Long> shape, MemorySegment data) {
    public NpyArray {
        shape = List.copyOf(shape);
        long expected = Math.multiplyExact(elements(shape), type.bytes());
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "the array has "
                            + data.byteSize()
                            + " bytes, its shape "
                            + shape
                            + " takes "
                            + expected);
        }
    }

    /** Shape as {@code [1, 210, 18432]}. */
    public String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    private static long elements(List<Long> shape) {
        long n = 1;
        for (long d : shape) {
            n = Math.multiplyExact(n, d);
        }
        return n;
    }
}
