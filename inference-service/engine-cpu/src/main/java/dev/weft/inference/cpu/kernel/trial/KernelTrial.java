package dev.weft.inference.cpu.kernel.trial;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A layer of random weights, and how fast kernels multiply it. */
public final class KernelTrial {
    /**
     * The numbers of rows that are measured: one answer, a batch of answers, a piece of a prompt.
     */
    private static final List<Integer> ROWS = List.of(1, 16, 128);

    private static final int MOST_ROWS = 128;

    /**
     * The most weights of a trial unless 256 outputs have more: their product takes about a
     * millisecond.
     */
    private static final int WEIGHTS = 1 << 20;

    /** The least number of turns, even if no measurement is disturbed. */
    private static final int LEAST_TURNS = 8;

    /** Turns after which the fastest products count, confirmed or not: less than a second. */
    private static final int MOST_TURNS = 150;

    private final Team team;

    public KernelTrial(Team team) {
        this.team = team;
    }

    /** Random weights of a shape. */
    public static Tensor weights(Arena arena, Shape shape) {
        SplittableRandom random = new SplittableRandom(3);
        long count = (long) shape.in() * shape.out();
        MemorySegment data = arena.allocate(count * Short.BYTES, 64);
        for (long i = 0; i < count; i++) {
            short weight = Bf16.of((float) random.nextDouble(-1, 1));
            data.setAtIndex(ValueLayout.JAVA_SHORT, i, weight);
        }
        List<Long> dimensions = List.of((long) shape.out(), (long) shape.in());
        return new Tensor("random weights", DType.BF16, dimensions, data);
    }

    /** Rows of random numbers, in the form that a layer reads. */
    static Activations inputs(Arena arena, Linear linear, int rows) {
        Activations x = Activations.allocate(arena, rows, linear.in());
        SplittableRandom random = new SplittableRandom(5);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < linear.in(); i++) {
                x.floats().set(row, i, (float) random.nextDouble(-1, 1));
            }
            x.prepare(row, linear.inputs());
        }
        return x;
    }

    /**
     * Multiplies by a layer of that shape, or by a part of its outputs, on each kind of kernels in
     * turn: so other work on the machine slows all of them down alike. It goes on until the fastest
     * product of each was seen several times. A kind takes {@link KernelTimes#NEVER} if it has no
     * kernel for the shape, or if a row among others gets other bits than alone, since answers
     * would depend on others' requests.
     */
    KernelTimes times(List<LinearLayers> kinds, Shape shape) {
        Shape part = part(shape);
        try (Arena arena = Arena.ofShared()) {
            Tensor weights = weights(arena, part);
            FloatMatrix y = FloatMatrix.allocate(arena, MOST_ROWS, part.out());
            List<LinearLayers> served = kinds.stream().filter(kind -> kind.serves(shape)).toList();
            List<Layer> layers =
                    served.stream().map(kind -> new Layer(kind, arena, weights)).toList();
            try {
                for (int turn = 0; turn < MOST_TURNS; turn++) {
                    if (turn >= LEAST_TURNS && layers.stream().allMatch(Layer::isSettled)) {
                        break;
                    }
                    layers.forEach(layer -> layer.multiply(team, y));
                }
                Stream<KernelTimes.Time> others =
                        kinds.stream()
                                .filter(kind -> !served.contains(kind))
                                .map(kind -> new KernelTimes.Time(kind, KernelTimes.NEVER));
                return new KernelTimes(
                        Stream.concat(layers.stream().map(Layer::time), others).toList());
            } finally {
                layers.forEach(layer -> layer.linear.close());
            }
        }
    }

    /** A layer of the shape, or as many of its outputs as take a millisecond, in whole units. */
    private static Shape part(Shape shape) {
        int most = Math.max(256, WEIGHTS / shape.in());
        return new Shape(
                shape.in(), Math.min(shape.out(), most / Linear.COLUMN_UNIT * Linear.COLUMN_UNIT));
    }

    /** A layer on one kind of kernels, and its fastest products. */
    private static final class Layer {
        private final LinearLayers kind;
        private final Linear linear;
        private final Activations x;
        private final List<FastestTime> fastest =
                ROWS.stream().map(_ -> new FastestTime()).toList();

        private float[] alone = new float[0];
        private boolean isAlike = true;

        private Layer(LinearLayers kind, Arena arena, Tensor weights) {
            this.kind = kind;
            this.linear = kind.pack(arena, new WeightSource(List.of(weights), null));
            this.x = inputs(arena, linear, MOST_ROWS);
        }

        private void multiply(Team team, FloatMatrix y) {
            for (int i = 0; i < ROWS.size(); i++) {
                int rows = ROWS.get(i);
                long begin = System.nanoTime();
                team.run(member -> linear.multiply(member, x, y, rows));
                fastest.get(i).add(System.nanoTime() - begin);
                compare(y);
            }
        }

        /**
         * Compares a product's first row with that of the first product, which had no other rows.
         */
        private void compare(FloatMatrix y) {
            float[] row = new float[linear.out()];
            VectorMath.copy(y.data(), 0, row, 0, row.length);
            if (alone.length == 0) {
                alone = row;
            }
            isAlike &= Arrays.equals(alone, row);
        }

        private boolean isSettled() {
            return fastest.stream().allMatch(FastestTime::isConfirmed);
        }

        private KernelTimes.Time time() {
            if (!isAlike) {
                return new KernelTimes.Time(kind, KernelTimes.NEVER);
            }
            double logarithms =
                    fastest.stream()
                            .mapToDouble(time -> Math.log((double) time.nanoseconds()))
                            .sum();
            double mean = Math.exp(logarithms / fastest.size()) / 1_000;
            return new KernelTimes.Time(kind, mean);
        }
    }
}
