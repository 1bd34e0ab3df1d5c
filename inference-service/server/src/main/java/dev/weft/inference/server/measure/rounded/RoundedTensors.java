package dev.weft.inference.server.measure.rounded;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Packs a matrix in 4 bits into the tensors of a layout. */
final class RoundedTensors {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Codes in an int. */
    private static final int CODES = 8;

    private static final int[] IN_ORDER = {0, 1, 2, 3, 4, 5, 6, 7};

    /** The outputs of AWQ's ints, from the low bits on. */
    private static final int[] AWQ_ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

    private final Arena memory;
    private final String module;
    private final RoundedMatrix matrix;

    private RoundedTensors(Arena memory, String module, RoundedMatrix matrix) {
        this.memory = memory;
        this.module = module;
        this.matrix = matrix;
    }

    /** The tensors of a module, in that memory. */
    static List<Tensor> of(Arena memory, String module, RoundedMatrix matrix, RoundedForm form) {
        RoundedTensors tensors = new RoundedTensors(memory, module, matrix);
        return switch (form) {
            case GPTQ -> tensors.gptq();
            case AWQ -> tensors.awq();
            case PACKED -> tensors.compressed();
        };
    }

    private List<Tensor> gptq() {
        Tensor order = tensor("g_idx", DType.I32, matrix.in());
        for (int input = 0; input < matrix.in(); input++) {
            order.data().set(INT, 4L * input, matrix.group(input));
        }
        return List.of(
                packed(
                        "qweight",
                        List.of(matrix.in() / CODES, matrix.out()),
                        (row, column, at) -> matrix.code(column, CODES * row + at),
                        IN_ORDER),
                // GPTQ's first format has zeros less one.
                packed(
                        "qzeros",
                        List.of(matrix.groups(), matrix.out() / CODES),
                        (row, column, at) -> matrix.zero(CODES * column + at, row) - 1,
                        IN_ORDER),
                scalesByGroup(),
                order);
    }

    private List<Tensor> awq() {
        return List.of(
                packed(
                        "qweight",
                        List.of(matrix.in(), matrix.out() / CODES),
                        (row, column, at) -> matrix.code(CODES * column + at, row),
                        AWQ_ORDER),
                packed(
                        "qzeros",
                        List.of(matrix.groups(), matrix.out() / CODES),
                        (row, column, at) -> matrix.zero(CODES * column + at, row),
                        AWQ_ORDER),
                scalesByGroup());
    }

    private List<Tensor> compressed() {
        Tensor scales = tensor("weight_scale", DType.F16, matrix.out(), matrix.groups());
        for (int i = 0; i < matrix.out() * matrix.groups(); i++) {
            short scale = matrix.scale(i / matrix.groups(), i % matrix.groups());
            scales.data().set(SHORT, 2L * i, scale);
        }
        return List.of(
                packed(
                        "weight_packed",
                        List.of(matrix.out(), matrix.in() / CODES),
                        (row, column, at) -> matrix.code(row, CODES * column + at),
                        IN_ORDER),
                scales);
    }

    private Tensor scalesByGroup() {
        Tensor scales = tensor("scales", DType.F16, matrix.groups(), matrix.out());
        for (int i = 0; i < matrix.out() * matrix.groups(); i++) {
            short scale = matrix.scale(i % matrix.out(), i / matrix.out());
            scales.data().set(SHORT, 2L * i, scale);
        }
        return scales;
    }

    /** A number of 4 bits, one of the eight of an int. */
    private interface Code {
        int at(int row, int column, int index);
    }

    /**
     * A tensor of ints, each of which holds eight codes.
     *
     * @param order the indices of an int's codes, from the low bits on
     */
    private Tensor packed(String name, List<Integer> shape, Code code, int[] order) {
        int columns = shape.getLast();
        Tensor ints = tensor(name, DType.I32, shape.getFirst(), columns);
        for (int i = 0; i < ints.elements(); i++) {
            int packed = 0;
            for (int place = 0; place < CODES; place++) {
                packed |= code.at(i / columns, i % columns, order[place]) << (4 * place);
            }
            ints.data().set(INT, 4L * i, packed);
        }
        return ints;
    }

    private Tensor tensor(String name, DType type, int... sizes) {
        List<Long> shape = Arrays.stream(sizes).mapToObj(Long::valueOf).toList();
        long elements = shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        MemorySegment data = memory.allocate(elements * type.bytes(), 8);
        return new Tensor(module + "." + name, type, shape, data);
    }
}
