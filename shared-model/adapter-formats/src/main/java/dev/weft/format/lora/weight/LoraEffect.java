package dev.weft.format.lora.weight;

import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures how much an adapter changes: the Frobenius norm of {@code scale * B A} for each kind of
 * module, over all layers. The product {@code [out][in]} is never made. Its squared norm is {@code
 * scale^2} times the sum over the products of the elements of {@code A A^T} and {@code B^T B}, both
 * {@code [rank][rank]}. Sums are taken in double.
 */
public final class LoraEffect {
    private static final int BLOCK = 256;

    /**
     * Share of the largest square that factors of these norms could give: smaller values are
     * rounding.
     */
    private static final double ROUNDING = 1e-13;

    private LoraEffect() {}

    /** Norm by module, for the modules of the pairs; 0 if they cancel out. */
    public static SortedMap<LinearModule, Double> of(List<LoraPair> pairs) {
        Map<LinearModule, Double> squares = new EnumMap<>(LinearModule.class);
        for (LoraPair pair : pairs) {
            squares.merge(pair.module(), square(pair), Double::sum);
        }
        SortedMap<LinearModule, Double> norms = new TreeMap<>();
        squares.forEach((module, square) -> norms.put(module, Math.sqrt(square)));
        return Collections.unmodifiableSortedMap(norms);
    }

    /** Squared Frobenius norm of the change by one pair. */
    static double square(LoraPair pair) {
        int rank = pair.rank();
        double[] a = gramOfRows(pair.a(), rank);
        double[] b = gramOfColumns(pair.b(), rank);
        double sum = 0;
        double normA = 0;
        double normB = 0;
        for (int i = 0; i < rank; i++) {
            normA += a[i * rank + i];
            normB += b[i * rank + i];
            sum += a[i * rank + i] * b[i * rank + i];
            for (int j = i + 1; j < rank; j++) {
                sum += 2 * a[i * rank + j] * b[i * rank + j];
            }
        }
        double scale = (double) pair.scale() * pair.scale();
        return sum <= ROUNDING * normA * normB ? 0 : scale * sum;
    }

    /** {@code B^T B} of {@code [out][rank]}, its upper half. */
    private static double[] gramOfColumns(Tensor b, int rank) {
        double[] gram = new double[rank * rank];
        float[] row = new float[rank];
        long rows = b.elements() / rank;
        for (long o = 0; o < rows; o++) {
            b.copyTo(o * rank, row, 0, rank);
            add(gram, row, 0, rank);
        }
        return gram;
    }

    /** {@code A A^T} of {@code [rank][in]}, its upper half; gathers columns block by block. */
    private static double[] gramOfRows(Tensor a, int rank) {
        double[] gram = new double[rank * rank];
        int in = (int) (a.elements() / rank);
        float[] piece = new float[BLOCK];
        float[] columns = new float[BLOCK * rank];
        for (int from = 0; from < in; from += BLOCK) {
            int count = Math.min(BLOCK, in - from);
            for (int i = 0; i < rank; i++) {
                a.copyTo((long) i * in + from, piece, 0, count);
                for (int k = 0; k < count; k++) {
                    columns[k * rank + i] = piece[k];
                }
            }
            for (int k = 0; k < count; k++) {
                add(gram, columns, k * rank, rank);
            }
        }
        return gram;
    }

    /** Adds the products of a vector's elements with each other. */
    private static void add(double[] gram, float[] vector, int at, int rank) {
        for (int i = 0; i < rank; i++) {
            double x = vector[at + i];
            for (int j = i; j < rank; j++) {
                gram[i * rank + j] += x * vector[at + j];
            }
        }
    }
}
