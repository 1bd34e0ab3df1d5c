package dev.weft.format.family.gemma;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.NormPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the versions of Gemma have in common: norms before and after each part, whose tensors hold
 * {@code w - 1}, and an embedding that is multiplied by {@code sqrt(hidden)}.
 */
final class GemmaBlocks {
    static final String CAP = "attn_logit_softcapping";

    private final FamilySizes sizes;
    private final Dense dense;
    private final AttentionPlan.Biases biases;
    private final BlockPlan.Norms norms;
    private final float scale;
    private final float cap;
    private final int window;

    GemmaBlocks(ModelFields fields, FamilySizes sizes, double defaultCap) {
        fields.never("use_bidirectional_attention");
        this.sizes = sizes;
        this.dense =
                new Dense(
                        sizes.width(),
                        fields.activation("hidden_activation", "gelu_pytorch_tanh"),
                        false,
                        false);
        this.biases = AttentionPlan.Biases.all(fields.flag("attention_bias", false));
        this.norms =
                new BlockPlan.Norms(
                        norm("input_layernorm"),
                        norm("post_attention_layernorm"),
                        norm("pre_feedforward_layernorm"),
                        norm("post_feedforward_layernorm"));
        this.scale = (float) (1 / Math.sqrt(fields.number("query_pre_attn_scalar", 256)));
        this.cap = fields.cap(CAP, defaultCap);
        this.window = fields.window("sliding_window", 4096);
    }

    /** The window of layers that see one; 0 if config.json has none. */
    int window() {
        return window;
    }

    NormPlan norm(String name) {
        return new NormPlan(name, sizes.epsilon(), true);
    }

    BlockPlan block(
            boolean windowed, RopePlan rope, AttentionPlan.@Nullable QueryKeyNorms headNorms) {
        AttentionPlan.Scores scores =
                new AttentionPlan.Scores(scale, windowed ? window : 0, cap, false);
        return new BlockPlan(
                new AttentionPlan(sizes.heads(), scores, headNorms, rope, biases, false),
                dense,
                norms,
                1);
    }

    /**
     * @param factorWithin whether the module of the embedding multiplies its rows
     */
    DecoderPlan plan(
            ModelFields fields,
            List<BlockPlan> blocks,
            double defaultLogitCap,
            boolean factorWithin) {
        return new DecoderPlan(
                new DecoderPlan.Embedding(
                        sizes.tokens(),
                        sizes.hidden(),
                        fields.flag("tie_word_embeddings", true),
                        (float) Math.sqrt(sizes.hidden()),
                        factorWithin),
                sizes.positions(),
                blocks,
                norm("model.norm"),
                new DecoderPlan.Logits(1, fields.cap("final_logit_softcapping", defaultLogitCap)));
    }
}
