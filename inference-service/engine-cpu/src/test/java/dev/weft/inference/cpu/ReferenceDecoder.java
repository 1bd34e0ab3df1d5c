package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.checkpoint.RopeScaling;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.protocol.adapter.LinearModule;
import org.jspecify.annotations.Nullable;

/**
 * The decoder by its formulas, in double precision, one whole sequence at a time and without a
 * cache. It shares no code with the engine but the reading of tensors. Weights, and inputs of
 * linear layers, are rounded to bf16 as the engine rounds them.
 */
final class ReferenceDecoder {
    private final CheckpointFolder checkpoint;
    private final ModelConfig config;
    private final DecoderShape shape;
    private final DecoderShape.Attention attention;
    private final @Nullable LoraAdapter adapter;

    ReferenceDecoder(CheckpointFolder checkpoint, @Nullable LoraAdapter adapter) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.shape = config.shape();
        this.attention = shape.attention();
        this.adapter = adapter;
    }

    /** Logits after the last token. */
    double[] logits(int... tokens) {
        double[][] hidden = new double[tokens.length][shape.hiddenSize()];
        Tensor embedding =
                checkpoint.tensor(
                        "model.embed_tokens.weight",
                        config.vocabulary().size(),
                        shape.hiddenSize());
        for (int p = 0; p < tokens.length; p++) {
            for (int i = 0; i < shape.hiddenSize(); i++) {
                hidden[p][i] = embedding.get((long) tokens[p] * shape.hiddenSize() + i);
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            attention(layer, hidden);
            mlp(layer, hidden);
        }
        double[] last = norm(hidden[tokens.length - 1], "model.norm.weight");
        Tensor head =
                config.vocabulary().tied()
                        ? embedding
                        : checkpoint.tensor(
                                "lm_head.weight", config.vocabulary().size(), shape.hiddenSize());
        return multiply(head, rounded(last));
    }

    private void attention(int layer, double[][] hidden) {
        String prefix = "model.layers." + layer + ".";
        int count = hidden.length;
        double[][] q = new double[count][];
        double[][] k = new double[count][];
        double[][] v = new double[count][];
        for (int p = 0; p < count; p++) {
            double[] x = norm(hidden[p], prefix + "input_layernorm.weight");
            q[p] =
                    positioned(
                            linear(layer, LinearModule.Q, x),
                            prefix + "self_attn.q_norm.weight",
                            p);
            k[p] =
                    positioned(
                            linear(layer, LinearModule.K, x),
                            prefix + "self_attn.k_norm.weight",
                            p);
            v[p] = linear(layer, LinearModule.V, x);
        }
        for (int p = 0; p < count; p++) {
            double[] mixed = new double[attention.heads() * attention.headDim()];
            for (int head = 0; head < attention.heads(); head++) {
                attend(head, p, q, k, v, mixed);
            }
            add(hidden[p], linear(layer, LinearModule.O, mixed));
        }
    }

    private void attend(int head, int p, double[][] q, double[][] k, double[][] v, double[] mixed) {
        int d = attention.headDim();
        int kv = head / (attention.heads() / attention.kvHeads());
        double[] weights = new double[p + 1];
        double sum = 0;
        for (int t = 0; t <= p; t++) {
            double dot = 0;
            for (int i = 0; i < d; i++) {
                dot += q[p][head * d + i] * k[t][kv * d + i];
            }
            weights[t] = Math.exp(dot / Math.sqrt(d));
            sum += weights[t];
        }
        for (int t = 0; t <= p; t++) {
            for (int i = 0; i < d; i++) {
                mixed[head * d + i] += weights[t] / sum * v[t][kv * d + i];
            }
        }
    }

    private void mlp(int layer, double[][] hidden) {
        for (double[] row : hidden) {
            double[] x = norm(row, "model.layers." + layer + ".post_attention_layernorm.weight");
            double[] gate = linear(layer, LinearModule.GATE, x);
            double[] up = linear(layer, LinearModule.UP, x);
            double[] activated = new double[gate.length];
            for (int i = 0; i < gate.length; i++) {
                activated[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(row, linear(layer, LinearModule.DOWN, activated));
        }
    }

    private double[] linear(int layer, LinearModule module, double[] input) {
        double[] x = rounded(input);
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

    /** The norm of each head if the family has it, then the rotation. */
    private double[] positioned(double[] heads, String normName, int position) {
        int d = attention.headDim();
        for (int head = 0; head * d < heads.length; head++) {
            double[] one = java.util.Arrays.copyOfRange(heads, head * d, (head + 1) * d);
            if (config.family().qkNorm()) {
                one = norm(one, normName);
            }
            for (int i = 0; i < d / 2; i++) {
                double angle = position * frequency(i);
                heads[head * d + i] = one[i] * Math.cos(angle) - one[i + d / 2] * Math.sin(angle);
                heads[head * d + i + d / 2] =
                        one[i + d / 2] * Math.cos(angle) + one[i] * Math.sin(angle);
            }
        }
        return heads;
    }

    private double frequency(int i) {
        double f = Math.pow(config.rope().theta(), -2.0 * i / attention.headDim());
        if (!(config.rope().scaling() instanceof RopeScaling.Llama3 s)) {
            return f;
        }
        double turns = s.originalMaxPositions() * f / (2 * Math.PI);
        double smooth =
                (turns - s.lowFrequencyFactor())
                        / (s.highFrequencyFactor() - s.lowFrequencyFactor());
        double share = Math.clamp(smooth, 0.0, 1.0);
        return share * f + (1 - share) * f / s.factor();
    }

    private double[] norm(double[] x, String name) {
        Tensor weight = checkpoint.tensor(name, x.length);
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double factor = 1 / Math.sqrt(squares / x.length + config.rmsNormEps());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * factor * weight.get(i);
        }
        return y;
    }

    private static double[] multiply(Tensor w, double[] x) {
        int out = w.shape().getFirst().intValue();
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += Bf16.toFloat(Bf16.of(w.get((long) o * x.length + i))) * x[i];
            }
        }
        return y;
    }

    private static double[] rounded(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Bf16.toFloat(Bf16.of((float) x[i]));
        }
        return y;
    }

    private static void add(double[] target, double[] delta) {
        for (int i = 0; i < target.length; i++) {
            target[i] += delta[i];
        }
    }
}
