package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.QuadSums;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.trial.KernelTrial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the kernel for one row if the processor has it; and everywhere, that a row alone has the
 * bits that it has among others, whichever kernel takes it.
 */
class OneDnnRowTest {
    private static final String INSTEAD = ", its kernel for several rows takes single ones";

    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @CsvSource({"40, 64", "192, 96", "576, 288", "576, 1536", "896, 448", "1536, 288", "4864, 160"})
    void hasTheBitsOfOneDnn(int in, int out) {
        Case made = new Case(in, out, 1f);
        PairRow row = made.found();
        FloatMatrix y = FloatMatrix.allocate(arena, 1, out + 32);
        row.multiply(made.packed, made.source, y, 32, out);
        for (int column = 0; column < out; column++) {
            assertThat(y.get(0, 32 + column)).isEqualTo(made.y[column]);
        }
    }

    @ParameterizedTest
    @CsvSource({"576, 288", "1536, 96"})
    void isNotUsedWhereBitsDiffer(int in, int out) {
        Case made = new Case(in, out, 1f);
        made.found();
        made.y[out - 1] = Math.nextUp(made.y[out - 1]);
        assertThat(made.row()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"576, 288"})
    void isNotUsedWhereWeightsTellNoOrderFromAnother(int in, int out) {
        new Case(in, out, 1f).found();
        Case made = new Case(in, out, 0f);
        assertThat(made.row()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"40, 64", "192, 96", "576, 480", "576, 1536", "1536, 288", "4864, 160"})
    void bytesHaveAKernelOfTheirOwn(int in, int out) {
        if (OneDnn.sumsPairsIn16Bits()) {
            abort("oneDNN sums pairs of bytes up in 16 bits here" + INSTEAD);
        }
        assertThat(quads(in, out)).isNotNull();
        try (Team team = new Team(1)) {
            LinearLayers layers = OneDnnHere.layers(Precision.INT8, team);
            Tensor weights = KernelTrial.weights(arena, new Shape(in, out));
            try (Linear linear = layers.pack(arena, new WeightSource(List.of(weights), null))) {
                assertThat(linear.isOnlySingleRowCompiled()).as("in the warm-up").isTrue();
            }
        }
    }

    /** The bytes are as large as they get, so that oneDNN's sums of pairs exceed 16 bits. */
    @ParameterizedTest
    @CsvSource({"40, 64", "576, 480"})
    void bytesHaveNoneWhereBitsDiffer(int in, int out) {
        if (!OneDnn.sumsPairsIn16Bits()) {
            abort("oneDNN's sums of bytes are exact here");
        }
        assertThat(quads(in, out)).isNull();
    }

    /** The kernel that is found for random weights; the test ends if bytes lie in no quads. */
    private @Nullable QuadRow quads(int in, int out) {
        OneDnn dnn = OneDnnHere.with(Operands.BYTES);
        OneDnnProducts products = new OneDnnProducts(dnn, 1);
        InputBlock inputs = new InputBlock(0, in, in);
        var packedFor =
                new OneDnnProduct.Key(Operands.BYTES, OneDnnRoom.PACKED_FOR_ROWS, inputs, out, out);
        memory.desc layout = products.weights(0, packedFor);
        GroupLayout quads = GroupLayout.of(layout, in, 4);
        if (quads == null || quads.columnBlock() % QuadSums.WIDE != 0) {
            abort(
                    "oneDNN does not pack bytes in quads of %d outputs here: %s%s"
                            .formatted(QuadSums.WIDE, quads, INSTEAD));
        }
        MemorySegment packed = arena.allocate(layout.get_size(), 64);
        SplittableRandom random = new SplittableRandom(in);
        MemorySegment plain = arena.allocate((long) in * out, 64);
        for (long i = 0; i < plain.byteSize(); i++) {
            plain.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(-127, 128));
        }
        dnn.reorder(
                OneDnnProduct.plainWeights(Operands.BYTES, inputs, out),
                plain,
                dnn.memory(layout, packed));
        float[] scales = new float[QuadRow.scales(out)];
        for (int i = 0; i < out; i++) {
            scales[i] = (float) random.nextDouble(0.01, 2);
        }
        var key =
                new OneDnnProduct.Key(Operands.BYTES, RowBuckets.ceiling(1), inputs, out, out + 32);
        return products.quads(0, key, layout, packed, scales);
    }

    /** Shapes of models, and ones that end within a tile's row. */
    @ParameterizedTest
    @CsvSource({
        "8, 288",
        "24, 80",
        "40, 64",
        "80, 48",
        "100, 64",
        "192, 96",
        "300, 24",
        "576, 288",
        "576, 1536",
        "896, 448",
        "1536, 288",
        "4864, 160"
    })
    void aRowOfTheEngineHasTheSameBitsAloneAsAmongOthers(int in, int out) {
        int most = RowBuckets.ceiling(40);
        try (Team team = new Team(2)) {
            Kernels kernels = Kernels.open(Kernels.Choice.AUTO, Precision.BF16, team, most);
            MemorySegment values = bf16(new SplittableRandom(in), (long) in * out, 1f);
            Tensor weights = new Tensor("w", DType.BF16, List.of((long) out, (long) in), values);
            Activations x = rows(most, in, out, false);
            Activations beside = rows(most, in, out, true);
            try (Linear linear = kernels.linear(arena, weights)) {
                kernels.selfTest("w", linear, weights);
                FloatMatrix alone = FloatMatrix.allocate(arena, most, out);
                FloatMatrix among = FloatMatrix.allocate(arena, most, out);
                team.run(member -> linear.multiply(member, x, alone, 1));
                for (int count : new int[] {2, 3, 4, 5, 8, 12, 16, 20, 32, most}) {
                    team.run(member -> linear.multiply(member, x, among, count));
                    same(alone, among, out);
                    team.run(member -> linear.multiply(member, beside, among, count));
                    same(alone, among, out);
                }
            }
        }
    }

    /** Random rows; {@code overflown} has only infinities behind the first. */
    private Activations rows(int rows, int in, int seed, boolean overflown) {
        Activations x = Activations.allocate(arena, rows, in);
        SplittableRandom random = new SplittableRandom(seed);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < in; i++) {
                float value = (float) random.nextGaussian();
                x.floats().set(row, i, overflown && row > 0 ? value / 0f : value);
            }
            x.prepare(row, InputForm.BF16);
        }
        return x;
    }

    private static void same(FloatMatrix alone, FloatMatrix among, int out) {
        for (int column = 0; column < out; column++) {
            assertThat(among.get(0, column)).isEqualTo(alone.get(0, column));
        }
    }

    /** Random weights times {@code factor}, packed, and what oneDNN computes from them. */
    private final class Case {
        private final String kernel;
        private final GroupLayout layout;
        private final MemorySegment packed;
        private final MemorySegment source;
        private final float[] x;
        private final float[] y;

        Case(int in, int out, float factor) {
            OneDnn dnn = OneDnnHere.with(Operands.PAIRS);
            dnn.stream();
            InputBlock inputs = new InputBlock(0, in, in);
            OneDnnProduct.Key key = new OneDnnProduct.Key(Operands.PAIRS, 2, inputs, out, out);
            memory.desc any = OneDnnProduct.anyWeights(Operands.PAIRS, in, out);
            OneDnnProduct chosen = OneDnnProduct.prepare(dnn, key, any);
            kernel = chosen.description().impl_info_str().getString();
            memory.desc weights = chosen.description().weights_desc();
            GroupLayout pairs = GroupLayout.of(weights, in, 2);
            if (pairs == null) {
                abort("oneDNN's " + kernel + " does not pack bf16 in pairs" + INSTEAD);
            }
            layout = pairs;
            SplittableRandom random = new SplittableRandom(in);
            MemorySegment plain = bf16(random, (long) in * out, factor);
            packed = arena.allocate(weights.get_size(), 64);
            memory from =
                    dnn.memory(OneDnnProduct.plainWeights(Operands.PAIRS, inputs, out), plain);
            memory to = dnn.memory(weights, packed);
            stream queue = dnn.stream();
            new reorder(from, to).execute(queue, from, to);
            queue._wait();
            source = bf16(random, 2L * in, 1f);
            MemorySegment target = arena.allocate(8L * out, 64);
            OneDnnProduct.prepare(dnn, key, weights).execute(dnn, source, packed, null, target);
            x = new float[in];
            for (int i = 0; i < in; i++) {
                x[i] = Bf16.toFloat(source.getAtIndex(ValueLayout.JAVA_SHORT, i));
            }
            y = new float[out];
            VectorMath.copy(target, 0, y, 0, out);
        }

        /**
         * The kernel, which must be found, except with tiles: they sum a row in an order of their
         * own.
         */
        PairRow found() {
            PairRow row = row();
            if (row == null && kernel.contains("amx")) {
                abort("oneDNN's " + kernel + " adds a row up in another order" + INSTEAD);
            }
            return Objects.requireNonNull(row, kernel);
        }

        @Nullable PairRow row() {
            return PairRow.like(layout, packed, x, y);
        }
    }

    private MemorySegment bf16(SplittableRandom random, long count, float factor) {
        MemorySegment values = arena.allocate(count * Short.BYTES, 64);
        for (long i = 0; i < count; i++) {
            short bits = Bf16.of((float) random.nextGaussian() * factor);
            values.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
        }
        return values;
    }
}
