package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The decoder by its formulas, in double precision, one whole sequence at a time and without a
 * cache. It shares no code with the engine but the reading of config.json and of tensors. Weights,
 * and inputs of linear layers, are rounded to bf16 as the engine rounds them.
 */
public final class ReferenceDecoder {
    private final CheckpointFolder checkpoint;
    private final ModelConfig config;
    private final DecoderShape shape;
    private final DecoderShape.HeadCounts attention;
    private final @Nullable LoraAdapter adapter;

    public ReferenceDecoder(CheckpointFolder checkpoint, @Nullable LoraAdapter adapter) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.shape = config.shape();
        this.attention = shape.attention();
        this.adapter = adapter;
    }

    /** Logits after the last token. */
    double[] logits(int... tokens) {
        double[] last = states(tokens)[tokens.length - 1];
        Tensor head =
                checkpoint.tensor(
                        config.vocabulary().tied() ? "model.embed_tokens.weight" : "lm_head.weight",
                        config.vocabulary().size(),
                        shape.hiddenSize());
        double[] logits = multiply(head, last);
        for (int i = 0; i < logits.length; i++) {
            logits[i] =
                    capped(logits[i] * config.plan().head().factor(), config.plan().head().cap());
        }
        return logits;
    }

    /** Final hidden states of all tokens, after the last norm. */
    public double[][] states(int... tokens) {
        double[][] hidden = new double[tokens.length][shape.hiddenSize()];
        Tensor embedding =
                checkpoint.tensor(
                        "model.embed_tokens.weight",
                        config.vocabulary().size(),
                        shape.hiddenSize());
        for (int p = 0; p < tokens.length; p++) {
            for (int i = 0; i < shape.hiddenSize(); i++) {
                hidden[p][i] =
                        embedding.get((long) tokens[p] * shape.hiddenSize() + i)
                                * config.plan().embedding().factor();
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            attention(layer, hidden);
            feedForward(layer, hidden);
        }
        for (int p = 0; p < tokens.length; p++) {
            hidden[p] = norm(hidden[p], "", config.plan().norm());
        }
        return hidden;
    }

    private void attention(int layer, double[][] hidden) {
        String prefix = "model.layers." + layer + ".";
        BlockPlan block = config.plan().blocks().get(layer);
        int count = hidden.length;
        int queries = attention.heads() * attention.headDim();
        int keys = attention.kvHeads() * attention.headDim();
        double[][] q = new double[count][];
        double[][] k = new double[count][];
        double[][] v = new double[count][];
        for (int p = 0; p < count; p++) {
            double[] x = norm(hidden[p], prefix, block.norms().beforeAttention());
            double[] qkv =
                    together(
                            layer,
                            x,
                            LinearModule.QKV,
                            LinearModule.Q,
                            LinearModule.K,
                            LinearModule.V);
            AttentionPlan.QueryKeyNorms norms = block.attention().norms();
            q[p] = Arrays.copyOf(qkv, queries);
            k[p] = Arrays.copyOfRange(qkv, queries, queries + keys);
            v[p] = Arrays.copyOfRange(qkv, queries + keys, queries + 2 * keys);
            q[p] =
                    positioned(
                            q[p],
                            prefix,
                            block.attention(),
                            norms == null ? null : norms.query(),
                            p,
                            count);
            k[p] =
                    positioned(
                            k[p],
                            prefix,
                            block.attention(),
                            norms == null ? null : norms.key(),
                            p,
                            count);
        }
        for (int p = 0; p < count; p++) {
            double[] mixed = new double[queries];
            for (int head = 0; head < attention.heads(); head++) {
                attend(prefix, block.attention().scores(), head, p, q, k, v, mixed);
            }
            double[] result = linear(layer, LinearModule.O, mixed);
            add(
                    hidden[p],
                    norm(result, prefix, block.norms().afterAttention()),
                    block.residualFactor());
        }
    }

    private void attend(
            String prefix,
            AttentionPlan.Scores scores,
            int head,
            int p,
            double[][] q,
            double[][] k,
            double[][] v,
            double[] mixed) {
        int d = attention.headDim();
        int kv = head / (attention.heads() / attention.kvHeads());
        double[] weights = new double[p + 1];
        double sum = 0;
        if (scores.sinks()) {
            sum =
                    Math.exp(
                            checkpoint
                                    .tensor(prefix + "self_attn.sinks", attention.heads())
                                    .get(head));
        }
        for (int t = 0; t <= p; t++) {
            if (scores.window() > 0 && p - t >= scores.window()) {
                continue;
            }
            double dot = 0;
            for (int i = 0; i < d; i++) {
                dot += q[p][head * d + i] * k[t][kv * d + i];
            }
            weights[t] = Math.exp(capped(dot * scores.scale(), scores.cap()));
            sum += weights[t];
        }
        for (int t = 0; t <= p; t++) {
            for (int i = 0; i < d; i++) {
                mixed[head * d + i] += weights[t] / sum * v[t][kv * d + i];
            }
        }
    }

    private void feedForward(int layer, double[][] hidden) {
        String prefix = "model.layers." + layer + ".";
        BlockPlan block = config.plan().blocks().get(layer);
        for (double[] row : hidden) {
            double[] x = norm(row, prefix, block.norms().beforeFeedForward());
            double[] result =
                    switch (block.feedForward()) {
                        case Dense dense -> dense(layer, dense, x);
                        case Experts experts ->
                                ReferenceExperts.compute(checkpoint, prefix, experts, x);
                    };
            add(
                    row,
                    norm(result, prefix, block.norms().afterFeedForward()),
                    block.residualFactor());
        }
    }

    private double[] dense(int layer, Dense dense, double[] x) {
        double[] gateUp =
                together(layer, x, LinearModule.GATE_UP, LinearModule.GATE, LinearModule.UP);
        double[] activated = new double[dense.width()];
        for (int i = 0; i < activated.length; i++) {
            double g = gateUp[i];
            double gate =
                    switch (dense.activation()) {
                        case SILU -> g / (1 + Math.exp(-g));
                        case GELU_TANH ->
                                g
                                        / 2
                                        * (1
                                                + Math.tanh(
                                                        Math.sqrt(2 / Math.PI)
                                                                * (g + 0.044715 * g * g * g)));
                    };
            activated[i] = gate * gateUp[activated.length + i];
        }
        return linear(layer, LinearModule.DOWN, activated);
    }

    /** A fused layer, or what stands for it one after the other. */
    private double[] together(int layer, double[] x, LinearModule fused, LinearModule... single) {
        if (shape.has(layer, fused)) {
            return linear(layer, fused, x);
        }
        double[] all = new double[0];
        for (LinearModule module : single) {
            double[] more = linear(layer, module, x);
            int at = all.length;
            all = Arrays.copyOf(all, at + more.length);
            System.arraycopy(more, 0, all, at, more.length);
        }
        return all;
    }

    private double[] linear(int layer, LinearModule module, double[] x) {
        String name = "model.layers." + layer + "." + module.path();
        int out = shape.outputSize(module);
        double[] y = multiply(checkpoint.tensor(name + ".weight", out, shape.inputSize(module)), x);
        if (checkpoint.has(name + ".bias")) {
            Tensor bias = checkpoint.tensor(name + ".bias", out);
            for (int o = 0; o < out; o++) {
                y[o] += bias.get(o);
            }
        }
        if (adapter != null) {
            for (LoraPair pair : adapter.pairs()) {
                if (pair.layer() == layer && pair.module() == module) {
                    double[] delta = multiply(pair.b(), multiply(pair.a(), x));
                    for (int o = 0; o < out; o++) {
                        y[o] += pair.scale() * delta[o];
                    }
                }
            }
        }
        return y;
    }

    /** The norm of queries or keys if there is one, and the rotation. */
    private double[] positioned(
            double[] heads,
            String prefix,
            AttentionPlan plan,
            @Nullable NormPlan norm,
            int position,
            int length) {
        boolean after = plan.norms() != null && plan.norms().afterRope();
        double[] normal = after ? heads : normalised(heads, prefix, plan, norm);
        double[] turned =
                plan.rope() == null
                        ? normal
                        : ReferenceRope.turn(
                                normal, attention.headDim(), plan.rope(), position, length);
        return after ? normalised(turned, prefix, plan, norm) : turned;
    }

    private double[] normalised(
            double[] heads, String prefix, AttentionPlan plan, @Nullable NormPlan norm) {
        if (norm == null || plan.norms() == null) {
            return heads;
        }
        boolean all = plan.norms().extent() == AttentionPlan.Extent.PROJECTION;
        int size = all ? heads.length : attention.headDim();
        double[] result = new double[heads.length];
        for (int at = 0; at < heads.length; at += size) {
            double[] one = norm(Arrays.copyOfRange(heads, at, at + size), prefix, norm);
            System.arraycopy(one, 0, result, at, size);
        }
        return result;
    }

    private double[] norm(double[] x, String prefix, @Nullable NormPlan plan) {
        if (plan == null) {
            return x;
        }
        Tensor weight = checkpoint.tensor(prefix + plan.name() + ".weight", x.length);
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double factor = 1 / Math.sqrt(squares / x.length + plan.epsilon());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * factor * (weight.get(i) + (plan.plusOne() ? 1 : 0));
        }
        return y;
    }

    private static double capped(double x, double cap) {
        return cap == 0 ? x : cap * Math.tanh(x / cap);
    }

    static double[] multiply(Tensor w, double[] x) {
        int out = w.shape().getFirst().intValue();
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += Bf16.toFloat(Bf16.of(w.get((long) o * x.length + i))) * x[i];
            }
        }
        return y;
    }

    private static void add(double[] target, double[] delta, double factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * delta[i];
        }
    }
}
