package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.quantised.Quantisation;
import dev.weft.format.quantised.Quantisation.Form;
import dev.weft.format.quantised.Quantisation.Zeros;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each form is packed here by its own rule, and read back. */
class QuantisedTensorsTest {
    private static final int OUT = 16;
    private static final int IN = 32;
    private static final int GROUP = 16;
    private static final int GROUPS = IN / GROUP;
    private static final int[] AWQ_ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Set<String> read = new HashSet<>();
    private final int[][] codes = new int[OUT][IN];
    private final int[][] zeros = new int[OUT][GROUPS];
    private final float[][] scales = new float[OUT][GROUPS];

    QuantisedTensorsTest() {
        SplittableRandom random = new SplittableRandom(4);
        for (int o = 0; o < OUT; o++) {
            for (int i = 0; i < IN; i++) {
                codes[o][i] = random.nextInt(16);
            }
            for (int group = 0; group < GROUPS; group++) {
                zeros[o][group] = 1 + random.nextInt(15);
                scales[o][group] = (1 + random.nextInt(100)) / 64f;
            }
        }
    }

    private void ints(String name, int[] values, long... shape) {
        put(name, DType.I32, MemorySegment.ofArray(values), shape);
    }

    private void put(String name, DType type, MemorySegment data, long... shape) {
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        tensors.put(name, new Tensor(name, type, sizes, data));
    }

    private void floats(String name, float[] values, long... shape) {
        put(name, DType.F32, MemorySegment.ofArray(values), shape);
    }

    /** Scales {@code [out][groups]}. */
    private float[] byOutput() {
        float[] all = new float[OUT * GROUPS];
        for (int i = 0; i < all.length; i++) {
            all[i] = scales[i / GROUPS][i % GROUPS];
        }
        return all;
    }

    /** Scales {@code [groups][out]}. */
    private float[] byGroup() {
        float[] all = new float[OUT * GROUPS];
        for (int i = 0; i < all.length; i++) {
            all[i] = scales[i % OUT][i / OUT];
        }
        return all;
    }

    private void packed() {
        int[] weights = new int[OUT * IN / 8];
        int[] offsets = new int[OUT / 8 * GROUPS];
        for (int o = 0; o < OUT; o++) {
            for (int i = 0; i < IN; i++) {
                weights[o * IN / 8 + i / 8] |= codes[o][i] << (4 * (i % 8));
            }
            for (int group = 0; group < GROUPS; group++) {
                offsets[o / 8 * GROUPS + group] |= zeros[o][group] << (4 * (o % 8));
            }
        }
        ints("m.weight_packed", weights, OUT, IN / 8);
        ints("m.weight_zero_point", offsets, OUT / 8, GROUPS);
        floats("m.weight_scale", byOutput(), OUT, GROUPS);
    }

    private void gptq(int offset) {
        int[] weights = new int[OUT * IN / 8];
        int[] offsets = new int[OUT / 8 * GROUPS];
        for (int o = 0; o < OUT; o++) {
            for (int i = 0; i < IN; i++) {
                weights[i / 8 * OUT + o] |= codes[o][i] << (4 * (i % 8));
            }
            for (int group = 0; group < GROUPS; group++) {
                offsets[group * OUT / 8 + o / 8] |= (zeros[o][group] - offset) << (4 * (o % 8));
            }
        }
        ints("m.qweight", weights, IN / 8, OUT);
        ints("m.qzeros", offsets, GROUPS, OUT / 8);
        floats("m.scales", byGroup(), GROUPS, OUT);
    }

    private void awq() {
        int[] weights = new int[OUT * IN / 8];
        int[] offsets = new int[OUT / 8 * GROUPS];
        for (int at = 0; at < 8; at++) {
            for (int eight = 0; eight < OUT / 8; eight++) {
                int o = 8 * eight + AWQ_ORDER[at];
                for (int i = 0; i < IN; i++) {
                    weights[i * OUT / 8 + eight] |= codes[o][i] << (4 * at);
                }
                for (int group = 0; group < GROUPS; group++) {
                    offsets[group * OUT / 8 + eight] |= zeros[o][group] << (4 * at);
                }
            }
        }
        ints("m.qweight", weights, IN, OUT / 8);
        ints("m.qzeros", offsets, GROUPS, OUT / 8);
        floats("m.scales", byGroup(), GROUPS, OUT);
    }

    private static Quantisation.Grouped plan(Form form, Zeros zeros) {
        return new Quantisation.Grouped(form, GROUP, zeros, Quantisation.Order.ANY);
    }

    private WeightMatrix matrix(Quantisation quantisation) {
        return new QuantisedTensors(quantisation, tensors, read::add)
                .matrix("m", OUT, IN)
                .orElseThrow();
    }

    private void check(WeightMatrix matrix, int[] groupOf) {
        assertThat(matrix.shape()).containsExactly((long) OUT, (long) IN);
        float[] all = new float[OUT * IN];
        matrix.copyTo(0, all, 0, all.length);
        for (int o = 0; o < OUT; o++) {
            for (int i = 0; i < IN; i++) {
                int group = groupOf[i];
                assertThat(all[o * IN + i])
                        .isEqualTo((codes[o][i] - zeros[o][group]) * scales[o][group]);
            }
        }
        float[] some = new float[3];
        matrix.copyTo(IN + 5, some, 1, 2);
        assertThat(some).containsExactly(0f, all[IN + 5], all[IN + 6]);
        assertThat(read).containsAll(tensors.keySet());
    }

    private static int[] inOrder() {
        int[] groupOf = new int[IN];
        Arrays.setAll(groupOf, i -> i / GROUP);
        return groupOf;
    }

    @Test
    void compressedTensorsIsRead() {
        packed();
        check(matrix(plan(Form.PACKED, Zeros.STORED)), inOrder());
    }

    @Test
    void asymmetricWeightsNeedTheirZeros() {
        packed();
        tensors.remove("m.weight_zero_point");
        refused(
                plan(Form.PACKED, Zeros.STORED),
                "tensor m.weight_zero_point is missing in the checkpoint");
    }

    @Test
    void symmetricWeightsHaveNoZeros() {
        packed();
        refused(
                plan(Form.PACKED, Zeros.MIDDLE),
                "tensor m.weight_zero_point is not served beside symmetric true of config.json;"
                        + " leave it out, or say symmetric false");
    }

    @Test
    void symmetricWeightsHaveTheirZeroInTheMiddle() {
        packed();
        tensors.remove("m.weight_zero_point");
        for (int[] row : zeros) {
            Arrays.fill(row, 8);
        }
        check(matrix(plan(Form.PACKED, Zeros.MIDDLE)), inOrder());
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED", "LESS_ONE"})
    void gptqIsRead(Zeros format) {
        gptq(format == Zeros.LESS_ONE ? 1 : 0);
        check(matrix(plan(Form.GPTQ, format)), inOrder());
    }

    @Test
    void aZeroOf16IsRefused() {
        zeros[OUT - 1][1] = 16;
        gptq(1);
        refused(
                plan(Form.GPTQ, Zeros.LESS_ONE),
                "tensor m.qzeros has a zero of 15, which tools for the format gptq read"
                        + " differently; allowed are 0 to 14, and 15 in the format gptq_v2");
        zeros[OUT - 1][1] = 15;
        gptq(0);
        check(matrix(plan(Form.GPTQ, Zeros.STORED)), inOrder());
    }

    @Test
    void gptqInAnotherOrderIsRead() {
        gptq(1);
        int[] groupOf = new int[IN];
        Arrays.setAll(groupOf, i -> i % GROUPS);
        ints("m.g_idx", groupOf, IN);
        check(matrix(plan(Form.GPTQ, Zeros.LESS_ONE)), groupOf);
    }

    @Test
    void awqIsRead() {
        awq();
        check(matrix(plan(Form.AWQ, Zeros.STORED)), inOrder());
    }

    @Test
    void fp8IsReadByRowAndByBlock() {
        byte[] bits = new byte[OUT * IN];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (i % 127);
        }
        put("m.weight", DType.F8_E4M3, MemorySegment.ofArray(bits), OUT, IN);
        float[] byRow = new float[OUT];
        for (int o = 0; o < OUT; o++) {
            byRow[o] = 0.5f + o;
        }
        floats("m.weight_scale", byRow, OUT, 1);
        float[] all = new float[OUT * IN];
        matrix(new Quantisation.Fp8("weight_scale", 0, 0)).copyTo(0, all, 0, all.length);
        // 0x38 is 1, 0x7e the largest, 448, 0x01 the smallest, 2^-9.
        assertThat(all[0x38]).isEqualTo(byRow[1]);
        assertThat(all[0x7e]).isEqualTo(448 * byRow[0x7e / IN]);
        assertThat(all[1]).isEqualTo(0x1p-9f * byRow[0]);
        assertThat(all[0]).isZero();

        tensors.remove("m.weight_scale");
        floats("m.weight_scale_inv", new float[] {1, 2, 3, 4}, 2, 2);
        matrix(new Quantisation.Fp8("weight_scale_inv", 8, 16)).copyTo(0, all, 0, all.length);
        assertThat(all[0x38]).isEqualTo(2f);
        assertThat(all[0x7e]).isEqualTo(448 * 2f);
    }

    @Test
    void othersAreNotQuantised() {
        packed();
        QuantisedTensors none = new QuantisedTensors(new Quantisation.None(), tensors, read::add);
        assertThat(none.matrix("m", OUT, IN)).isEmpty();
        Quantisation gptq = plan(Form.GPTQ, Zeros.LESS_ONE);
        assertThat(new QuantisedTensors(gptq, tensors, read::add).matrix("m", OUT, IN)).isEmpty();
    }

    @Test
    void tensorsThatDoNotFitAreRefused() {
        Quantisation.Grouped plan = plan(Form.GPTQ, Zeros.LESS_ONE);
        gptq(1);
        int[] groupOf = inOrder();
        groupOf[3] = GROUPS;
        ints("m.g_idx", groupOf, IN);
        refused(plan, "tensor m.g_idx has group 2 for input 3; allowed are 0 to 1");
        groupOf[3] = -1;
        refused(plan, "tensor m.g_idx has group -1 for input 3; allowed are 0 to 1");
        tensors.remove("m.g_idx");
        float[] bad = byGroup();
        bad[7] = Float.NaN;
        floats("m.scales", bad, GROUPS, OUT);
        refused(plan, "tensor m.scales has NaN at 7; allowed are finite numbers");
        floats("m.scales", byGroup(), OUT, GROUPS);
        refused(plan, "tensor m.scales is F32 [16, 2], config.json asks for F32 [2, 16]");
        tensors.remove("m.scales");
        refused(plan, "tensor m.scales is missing in the checkpoint");
        floats("m.qweight", new float[IN / 8 * OUT], IN / 8, OUT);
        refused(plan, "tensor m.qweight is F32 [4, 16], config.json asks for I32 [4, 16]");
        assertThatThrownBy(() ->
                        new QuantisedTensors(plan, tensors, read::add).matrix("m", OUT, IN + 8))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("served in 4 bits are multiples of 8, and whole groups");
    }

    private void refused(Quantisation.Grouped plan, String fault) {
        assertThatThrownBy(() -> matrix(plan))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(fault);
    }

    /** Programs that expect no such tensor pass over it. */
    @Test
    void inputsInAnyOrderAreServedIfConfigJsonSaysSo() {
        packed();
        int[] groups = new int[IN];
        Arrays.setAll(groups, i -> i / GROUP);
        Quantisation inOrder =
                new Quantisation.Grouped(
                        Form.PACKED, GROUP, Zeros.STORED, Quantisation.Order.IN_ORDER);
        ints("m.weight_g_idx", groups.clone(), IN);
        assertThat(matrix(inOrder)).isNotNull();
        groups[0] = 1;
        groups[GROUP] = 0;
        ints("m.weight_g_idx", groups, IN);
        assertThat(matrix(plan(Form.PACKED, Zeros.STORED))).isNotNull();
        assertThatThrownBy(() -> matrix(inOrder))
                .hasMessageContaining("m.weight_g_idx")
                .hasMessageContaining("actorder: group");
    }
}
