package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the adapters' product over mixed rows against its formula in double precision, whatever the
 * adapters' popularity; rows of the base must keep their bits.
 */
class LoraStepTest {
    private static final DecoderShape CONFIG =
            ModelConfig.parse(
                            """
                            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 1,
                             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
                             "intermediate_size": 56, "vocab_size": 70}
                            """)
                    .shape();

    private static final int[] RANKS = {16, 8, 4, 1, 3, 64};
    private static final int TEAM = 2;
    private static final int ROWS = 23;

    private record Adapter(LoraSlot slot, List<LoraPair> pairs) {}

    static List<Arguments> popularities() {
        SplittableRandom random = new SplittableRandom(5);
        return List.of(
                popularity("identical", row -> 0),
                popularity("distinct", row -> row % (RANKS.length + 1) - 1),
                popularity("uniform", row -> random.nextInt(RANKS.length + 1) - 1),
                popularity(
                        "zipf",
                        row -> (int) Math.min(RANKS.length, 1 / (1 - random.nextDouble())) - 1),
                popularity("skewed", row -> row == 7 ? 3 : -1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("popularities")
    void agreesWithTheFormula(String name, IntUnaryOperator popularity) {
        int[] picks = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            picks[row] = popularity.applyAsInt(row);
        }
        for (LoraSite site : LoraSite.values()) {
            compare(site, picks, false);
            compare(site, picks, true);
        }
    }

    private static void compare(LoraSite site, int[] picks, boolean dealt) {
        SplittableRandom random = new SplittableRandom(site.name().hashCode());
        List<Adapter> adapters = adapters(site, random);
        int in = CONFIG.inputSize(site.modules(CONFIG, 0).getFirst());
        int out = site.modules(CONFIG, 0).stream().mapToInt(CONFIG::outputSize).sum();
        try (Arena arena = Arena.ofShared();
                Team team = new Team(TEAM)) {
            FloatMatrix x = random(FloatMatrix.allocate(arena, ROWS, in), random);
            FloatMatrix y = random(FloatMatrix.allocate(arena, ROWS, out), random);
            double[][] expected = new double[ROWS][];
            LoraStep step = new LoraStep(arena, ROWS, 64, TEAM);
            for (int row = 0; row < ROWS; row++) {
                Adapter adapter = picks[row] < 0 ? null : adapters.get(picks[row]);
                step.add(row, adapter == null ? null : adapter.slot);
                expected[row] = expected(x, y, row, adapter == null ? List.of() : adapter.pairs);
            }
            if (dealt) {
                step.deal(ROWS);
            }
            team.run(member -> {
                step.down(member, 0, site, x);
                member.barrier();
                step.up(member, 0, site, y);
            });
            for (int row = 0; row < ROWS; row++) {
                for (int o = 0; o < out; o++) {
                    double tolerance = picks[row] < 0 ? 0 : 1e-4 * (1 + Math.abs(expected[row][o]));
                    assertThat((double) y.get(row, o))
                            .as("%s row %d adapter %d output %d", site, row, picks[row], o)
                            .isCloseTo(expected[row][o], Offset.offset(tolerance));
                }
            }
        }
        adapters.forEach(adapter -> adapter.slot.close());
    }

    private static double[] expected(FloatMatrix x, FloatMatrix y, int row, List<LoraPair> pairs) {
        double[] result = new double[y.columns()];
        for (int o = 0; o < result.length; o++) {
            result[o] = y.get(row, o);
        }
        for (LoraPair pair : pairs) {
            int in = CONFIG.inputSize(pair.module());
            int column = LoraSite.column(CONFIG, pair.module());
            for (int r = 0; r < pair.rank(); r++) {
                double between = 0;
                for (int i = 0; i < in; i++) {
                    between += rounded(pair.a(), (long) r * in + i) * x.get(row, i);
                }
                for (int o = 0; o < CONFIG.outputSize(pair.module()); o++) {
                    double b = rounded(pair.b(), (long) o * pair.rank() + r);
                    result[column + o] += pair.scale() * b * between;
                }
            }
            Tensor bias = pair.outputs().bias();
            Tensor magnitude = pair.outputs().magnitude();
            for (int o = 0; o < CONFIG.outputSize(pair.module()); o++) {
                result[column + o] += bias == null ? 0 : pair.scale() * bias.get(o);
                result[column + o] *= magnitude == null ? 1 : factor(pair, magnitude, o);
            }
        }
        return result;
    }

    private static double rounded(Tensor tensor, long index) {
        return Bf16.toFloat(Bf16.of(tensor.get(index)));
    }

    /** One adapter of every rank; each leaves out another module if the site has several. */
    private static List<Adapter> adapters(LoraSite site, SplittableRandom random) {
        List<Adapter> adapters = new ArrayList<>();
        for (int i = 0; i < RANKS.length; i++) {
            List<LoraPair> pairs = new ArrayList<>();
            for (int m = 0; m < site.modules(CONFIG, 0).size(); m++) {
                if (site.modules(CONFIG, 0).size() == 1
                        || m != i % (site.modules(CONFIG, 0).size() + 1)) {
                    pairs.add(pair(site.modules(CONFIG, 0).get(m), RANKS[i], 0.5f + i, random));
                }
            }
            adapters.add(
                    new Adapter(
                            TestAdapters.slot(
                                    i, CONFIG, pairs, TestAdapters.base(LoraStepTest::base)),
                            pairs));
        }
        return adapters;
    }

    private static LoraPair pair(
            LinearModule module, int rank, float scale, SplittableRandom random) {
        int in = CONFIG.inputSize(module);
        int out = CONFIG.outputSize(module);
        Tensor bias = tensor(random, out);
        LoraPair.Outputs outputs =
                switch (rank % 5) {
                    case 1 -> new LoraPair.Outputs(bias, null);
                    case 3 -> new LoraPair.Outputs(null, bias);
                    default -> LoraPair.Outputs.NONE;
                };
        return new LoraPair(
                0, module, scale, tensor(random, rank, in), tensor(random, out, rank), outputs);
    }

    /** The base's weights of a module. */
    private static WeightSource base(int layer, LinearModule module) {
        SplittableRandom random = new SplittableRandom(module.name().hashCode());
        Tensor weights = tensor(random, CONFIG.outputSize(module), CONFIG.inputSize(module));
        return new WeightSource(List.of(weights), null);
    }

    /** DoRA's factor of one output. */
    private static double factor(LoraPair pair, Tensor magnitude, int out) {
        int in = CONFIG.inputSize(pair.module());
        float[] weights = new float[in];
        base(0, pair.module()).copyRow(out, weights);
        double squares = 0;
        for (int i = 0; i < in; i++) {
            double sum = weights[i];
            for (int r = 0; r < pair.rank(); r++) {
                double b = pair.b().get((long) out * pair.rank() + r);
                sum += pair.scale() * b * pair.a().get((long) r * in + i);
            }
            squares += sum * sum;
        }
        return magnitude.get(out) / Math.sqrt(squares);
    }

    private static Tensor tensor(SplittableRandom random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.2);
        }
        return new Tensor(
                "t",
                DType.F32,
                Arrays.stream(shape).boxed().toList(),
                MemorySegment.ofArray(values));
    }

    private static FloatMatrix random(FloatMatrix matrix, SplittableRandom random) {
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    private static Arguments popularity(String name, IntUnaryOperator pick) {
        return Arguments.of(name, pick);
    }
}
