package dev.weft.format.family;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.NormPlan;
import java.util.List;

/**
 * The sizes that every family has.
 *
 * @param width {@code intermediate_size}
 * @param positions {@code max_position_embeddings}
 */
public record FamilySizes(
        int tokens,
        int hidden,
        int layers,
        AttentionPlan.Heads heads,
        int width,
        int positions,
        float epsilon) {
    /**
     * What a family's class takes for fields that are missing.
     *
     * @param keyHeads 0 for as many as queries have
     * @param headSize 0 for {@code hidden_size / num_attention_heads}
     */
    public record Defaults(int keyHeads, int headSize, int positions, double epsilon) {}

    /** Reads them; a size that has to be there and is not is a fault. */
    public static FamilySizes read(ModelFields fields, Defaults defaults) {
        int hidden = fields.size("hidden_size");
        int heads = fields.size("num_attention_heads");
        return new FamilySizes(
                fields.size("vocab_size"),
                hidden,
                fields.size("num_hidden_layers"),
                heads(fields, defaults, hidden, heads),
                fields.size("intermediate_size"),
                fields.size("max_position_embeddings", defaults.positions),
                (float) fields.number("rms_norm_eps", defaults.epsilon));
    }

    private static AttentionPlan.Heads heads(
            ModelFields fields, Defaults defaults, int hidden, int heads) {
        boolean asQueries = fields.has("num_key_value_heads") || defaults.keyHeads == 0;
        int keyHeads = fields.size("num_key_value_heads", asQueries ? heads : defaults.keyHeads);
        boolean divided = fields.has("head_dim") || defaults.headSize == 0;
        int size =
                fields.size("head_dim", divided ? Math.max(1, hidden / heads) : defaults.headSize);
        if (heads % keyHeads != 0) {
            fields.refuse(
                    "num_key_value_heads", keyHeads, "a divisor of num_attention_heads " + heads);
        }
        if (size % 2 != 0) {
            fields.refuse("head_dim", size, "an even number, since RoPE takes pairs");
        }
        return new AttentionPlan.Heads(heads, keyHeads, size);
    }

    /** A decoder of these blocks whose embedding and logits are taken as they are. */
    public DecoderPlan plan(boolean tied, List<BlockPlan> blocks) {
        return new DecoderPlan(
                new DecoderPlan.Embedding(tokens, hidden, tied, 1, false),
                positions,
                blocks,
                NormPlan.plain("model.norm", epsilon),
                DecoderPlan.Logits.PLAIN);
    }
}
