package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The adapters' part of one layer of SmolLM2-135M for 16 rows: rank 16 on all seven modules, by all
 * threads of a team. Layers take turns, as in a model. One adapter for all rows is the baseline:
 * more adapters do the same sums on more weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class LoraStepBenchmark {
    private static final int ROWS = 16;
    private static final int RANK = 16;

    private static final DecoderShape CONFIG =
            ModelConfig.parse(
                            """
                            {"model_type": "llama", "hidden_size": 576, "num_hidden_layers": 30,
                             "num_attention_heads": 9, "num_key_value_heads": 3, "head_dim": 64,
                             "intermediate_size": 1536, "vocab_size": 49152}
                            """)
                    .shape();

    private record Product(LoraSite site, FloatMatrix x, FloatMatrix y) {}

    @Param({"1", "4", "16"})
    int adapters;

    private final Arena arena = Arena.ofShared();
    private final List<LoraSlot> slots = new ArrayList<>();
    private final List<Product> products = new ArrayList<>();
    private Team team;
    private LoraStep step;
    private int layer;

    /** Packs the adapters; row i has adapter i modulo their number. */
    @Setup
    public void open() {
        SplittableRandom random = new SplittableRandom(1);
        team = new Team(Runtime.getRuntime().availableProcessors());
        step = new LoraStep(arena, ROWS, RANK, team.size());
        for (int i = 0; i < adapters; i++) {
            slots.add(slot(i, random));
        }
        for (int row = 0; row < ROWS; row++) {
            step.add(row, slots.get(row % adapters));
        }
        step.deal(ROWS);
        for (LoraSite site : LoraSite.values()) {
            int in = CONFIG.inputSize(site.modules(CONFIG, 0).getFirst());
            int out = site.modules(CONFIG, 0).stream().mapToInt(CONFIG::outputSize).sum();
            products.add(
                    new Product(
                            site,
                            FloatMatrix.allocate(arena, ROWS, in),
                            FloatMatrix.allocate(arena, ROWS, out)));
        }
    }

    /** All four sites of one layer. */
    @Benchmark
    public Object layer() {
        int current = layer;
        layer = (layer + 1) % CONFIG.layers();
        team.run(member -> {
            for (Product product : products) {
                step.down(member, current, product.site, product.x);
                member.barrier();
                step.up(member, current, product.site, product.y);
                member.barrier();
            }
        });
        return products;
    }

    /** Frees all. */
    @TearDown
    public void close() {
        team.close();
        slots.forEach(LoraSlot::close);
        arena.close();
    }

    private static LoraSlot slot(int number, SplittableRandom random) {
        List<LoraPair> pairs = new ArrayList<>();
        for (int layer = 0; layer < CONFIG.layers(); layer++) {
            for (LinearModule module : LinearModule.SEPARATE) {
                Tensor a = tensor(random, RANK, CONFIG.inputSize(module));
                Tensor b = tensor(random, CONFIG.outputSize(module), RANK);
                pairs.add(new LoraPair(layer, module, 2f, a, b));
            }
        }
        return TestAdapters.slot(number, CONFIG, pairs, TestAdapters.NO_BASE);
    }

    private static Tensor tensor(SplittableRandom random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor(
                "t",
                DType.F32,
                List.of((long) rows, (long) columns),
                MemorySegment.ofArray(values));
    }
}
