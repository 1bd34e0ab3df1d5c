package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Buffers of the forward pass, made once.
 *
 * @param hidden {@code [rows][hidden]}, the residual stream
 * @param input {@code [rows][hidden]}, normalised
 * @param projected {@code [rows][hidden]}, what a block adds to the residual stream
 */
record Scratch(
        FloatMatrix hidden,
        Activations input,
        FloatMatrix projected,
        ForAttention attention,
        ForMlp mlp,
        ForHead head) {
    /**
     * What attention computes.
     *
     * @param qkv {@code [rows][q + 2 kv]}
     * @param attended {@code [rows][heads * headDim]}
     * @param angles by rotation and row: cosines and sines of its position
     * @param members one per member of the team
     */
    record ForAttention(
            FloatMatrix qkv,
            Activations attended,
            List<List<float[]>> angles,
            List<Attention> members) {}

    /**
     * What the feed-forward part computes.
     *
     * @param gateUp {@code [rows][2 * intermediate]}
     * @param activated {@code [rows][intermediate]}
     */
    record ForMlp(FloatMatrix gateUp, Activations activated) {}

    /**
     * What the head computes, for rows that want logits.
     *
     * @param last {@code [logit rows][hidden]}, normalised
     * @param logits {@code [logit rows][vocabulary]}
     */
    record ForHead(Activations last, FloatMatrix logits) {}

    static Scratch allocate(
            Arena arena, ModelConfig config, int maxRows, int maxLogitRows, int teamSize) {
        DecoderShape shape = config.shape();
        int rows = RowBuckets.ceiling(maxRows);
        int logitRows = RowBuckets.ceiling(maxLogitRows);
        return new Scratch(
                FloatMatrix.allocate(arena, rows, shape.hiddenSize()),
                Activations.allocate(arena, rows, shape.hiddenSize()),
                FloatMatrix.allocate(arena, rows, shape.hiddenSize()),
                attention(arena, config, rows, teamSize),
                new ForMlp(
                        FloatMatrix.allocate(arena, rows, 2 * shape.intermediateSize()),
                        Activations.allocate(arena, rows, shape.intermediateSize())),
                new ForHead(
                        Activations.allocate(arena, logitRows, shape.hiddenSize()),
                        FloatMatrix.allocate(arena, logitRows, config.vocabulary().size())));
    }

    private static ForAttention attention(Arena arena, ModelConfig config, int rows, int teamSize) {
        DecoderShape shape = config.shape();
        int headDim = shape.attention().headDim();
        int queries = shape.outputSize(LinearModule.Q);
        int qkv = queries + 2 * shape.outputSize(LinearModule.K);
        return new ForAttention(
                FloatMatrix.allocate(arena, rows, qkv),
                Activations.allocate(arena, rows, queries),
                config.plan().ropes().stream()
                        .map(rope ->
                                IntStream.range(0, rows)
                                        .mapToObj(_ -> new float[rope.size()])
                                        .toList())
                        .toList(),
                IntStream.range(0, teamSize).mapToObj(_ -> new Attention(headDim)).toList());
    }
}
