package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.engine.EngineException;
import java.lang.foreign.Arena;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A low-rank change of the tokens' embeddings. Members of the team call it. */
final class EmbeddingPair {
    /** {@code [rank][tokens]}. */
    private final Tensor a;

    /** {@code [rank][hidden]}. */
    private final FloatMatrix b;

    private final float scale;

    /** Factors of DoRA, {@code [hidden]}; null for none. */
    private final float @Nullable [] factors;

    private EmbeddingPair(Tensor a, FloatMatrix b, float scale, float @Nullable [] factors) {
        this.a = a;
        this.b = b;
        this.scale = scale;
        this.factors = factors;
    }

    /**
     * Packs a pair.
     *
     * @param a the pair's own, which lives as long as this
     * @param base what is changed, {@code [tokens][hidden]}; asked for with DoRA alone
     * @throws EngineException {@code INVALID_ADAPTER} if a length is zero
     */
    static EmbeddingPair pack(Arena arena, EdgePair pair, Tensor a, Supplier<WeightMatrix> base) {
        int rank = pair.rank();
        int hidden = pair.b().shape().getFirst().intValue();
        FloatMatrix b = FloatMatrix.allocate(arena, rank, hidden);
        for (int i = 0; i < hidden; i++) {
            for (int r = 0; r < rank; r++) {
                b.set(r, i, pair.b().get((long) i * rank + r));
            }
        }
        EmbeddingPair plain = new EmbeddingPair(a, b, pair.scale(), null);
        Tensor magnitude = pair.outputs().magnitude();
        return magnitude == null
                ? plain
                : new EmbeddingPair(a, b, pair.scale(), plain.factors(magnitude, base.get()));
    }

    /**
     * {@code magnitude / |W + scale * B A|}, as PEFT's DoRA computes it for an embedding: the
     * length of each of the hidden size's elements over all tokens, in 64 bits.
     */
    private float[] factors(Tensor magnitude, WeightMatrix base) {
        int hidden = b.columns();
        double[] squares = new double[hidden];
        float[] plain = new float[hidden];
        try (Arena own = Arena.ofConfined()) {
            FloatMatrix row = FloatMatrix.allocate(own, 1, hidden);
            for (int token = 0; token < base.shape().getFirst(); token++) {
                base.copyTo((long) token * hidden, plain, 0, hidden);
                VectorMath.copy(plain, 0, row.data(), row.offset(0, 0), hidden);
                add(token, row, 0);
                for (int i = 0; i < hidden; i++) {
                    double value = row.get(0, i);
                    squares[i] += value * value;
                }
            }
        }
        float[] factors = new float[hidden];
        magnitude.copyTo(0, factors, 0, hidden);
        for (int i = 0; i < hidden; i++) {
            double length = Math.sqrt(squares[i]);
            factors[i] = (float) (factors[i] / length);
            if (!Float.isFinite(factors[i])) {
                throw EngineException.invalidAdapter(
                        "%s[%d] over the length %s of the changed embedding is not a finite number"
                                .formatted(magnitude.name(), i, length));
            }
        }
        return factors;
    }

    /** Changes a token's embedding in a row. */
    void change(int token, FloatMatrix hidden, int row) {
        add(token, hidden, row);
        if (factors != null) {
            VectorMath.multiply(hidden.data(), hidden.offset(row, 0), factors, 0, factors.length);
        }
    }

    private void add(int token, FloatMatrix hidden, int row) {
        long tokens = a.shape().get(1);
        for (int r = 0; r < b.rows(); r++) {
            VectorMath.addScaled(
                    hidden.data(),
                    hidden.offset(row, 0),
                    b.data(),
                    b.offset(r, 0),
                    scale * a.get(r * tokens + token),
                    b.columns());
        }
    }

    /** Bytes of memory. */
    long bytes() {
        return a.data().byteSize()
                + b.data().byteSize()
                + (factors == null ? 0 : (long) factors.length * Float.BYTES);
    }
}
