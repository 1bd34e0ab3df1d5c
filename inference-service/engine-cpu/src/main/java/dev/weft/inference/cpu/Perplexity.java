package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.kv.KvSpan;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.cpu.model.Step;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How well a base model predicts texts: {@code exp(-mean(log p(token | tokens before it)))}, lower
 * is better. Compares precisions of the same checkpoint and of its KV cache. One thread uses it.
 */
public final class Perplexity implements AutoCloseable {
    /** Rows of a step, each with the logits of the whole vocabulary. */
    private static final int ROWS = 32;

    /** Rows of a step if each step dequantises the weights, which takes as long for any rows. */
    private static final int DEQUANTISED_ROWS = 128;

    private final Team team;
    private final Decoder decoder;
    private final int rows;
    private final KvCache cache;
    private final String kernels;
    private final float[] logits;
    private double sum;
    private long count;

    private Perplexity(
            Team team, Decoder decoder, int rows, KvCache cache, int vocabulary, String kernels) {
        this.kernels = kernels;
        this.team = team;
        this.decoder = decoder;
        this.rows = rows;
        this.cache = cache;
        this.logits = new float[vocabulary];
    }

    /**
     * The formats of numbers that a base is computed in.
     *
     * @param kvPrecision of keys and values in the cache
     * @param dequantised whether weights that are stored in 4 bits are computed with as floats
     */
    public record Numbers(Precision precision, KvPrecision kvPrecision, boolean dequantised) {}

    /**
     * Loads a checkpoint.
     *
     * @param longest tokens of the longest text
     * @throws IOException if a file can't be read
     */
    public static Perplexity open(Path folder, Numbers numbers, int longest) throws IOException {
        CheckpointFolder checkpoint = CheckpointFolder.open(folder);
        Team team = new Team(Runtime.getRuntime().availableProcessors());
        try {
            int rows = numbers.dequantised ? DEQUANTISED_ROWS : ROWS;
            Kernels best = Kernels.open(Kernels.Choice.AUTO, numbers.precision, team, rows);
            Kernels kernels = numbers.dequantised ? best.dequantising() : best;
            Decoder decoder =
                    new Decoder(
                            new WeightLoader(checkpoint, kernels).load(_ -> {}),
                            rows,
                            rows,
                            1,
                            team.size(),
                            new PhaseClock(false));
            KvCache cache =
                    new KvCache(
                            checkpoint.config().shape(),
                            longest + 16L,
                            false,
                            numbers.kvPrecision,
                            KvSpan.of(checkpoint.config().plan()));
            return new Perplexity(
                    team,
                    decoder,
                    rows,
                    cache,
                    checkpoint.config().vocabulary().size(),
                    kernels.name() + ", instruction set " + kernels.instructionSets());
        } catch (RuntimeException | Error e) {
            team.close();
            checkpoint.close();
            throw e;
        }
    }

    /** Adds a text; its first token is given, all others are predicted. */
    public void add(List<Integer> tokens) {
        KvSequence sequence = cache.sequence("", null);
        sequence.stretch(tokens.size());
        if (!sequence.reserve(tokens.size())) {
            throw new IllegalArgumentException(
                    tokens.size() + " tokens: longer than the longest text announced");
        }
        for (int from = 0; from + 1 < tokens.size(); from += rows) {
            int to = Math.min(tokens.size() - 1, from + rows);
            predict(tokens, from, to, sequence);
        }
        sequence.release();
    }

    /** The kernels that compute, e.g. {@code onednn bf16, instruction set avx512-bf16}. */
    public String kernels() {
        return kernels;
    }

    /** Tokens predicted so far. */
    public long tokens() {
        return count;
    }

    /** The perplexity of all texts together. */
    public double value() {
        return Math.exp(-sum / count);
    }

    @Override
    public void close() {
        team.close();
        decoder.close();
        cache.close();
    }

    private void predict(List<Integer> tokens, int from, int to, KvSequence sequence) {
        Step step = new Step();
        for (int position = from; position < to; position++) {
            step.add(new Step.TokenRow(tokens.get(position), position, sequence, null, true));
        }
        decoder.prepare(step);
        team.run(member -> decoder.forward(member, step));
        FloatMatrix result = decoder.logits();
        for (int position = from; position < to; position++) {
            Logits.copyRow(result, position - from, logits);
            sum += logits[tokens.get(position + 1)] - Logits.logSumExp(logits);
            count++;
        }
    }
}
