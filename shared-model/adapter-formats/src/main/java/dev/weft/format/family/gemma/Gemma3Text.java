package dev.weft.format.family.gemma;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.family.FamilySizes;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.RopeReader;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Gemma 3's text models: five layers of six see a window, and rotate by another base than the
 * others; heads of q and k have norms.
 */
public final class Gemma3Text implements ModelFamily {
    private static final double GLOBAL_THETA = 1_000_000;
    private static final double LOCAL_THETA = 10_000;
    private static final String ROPE = "rope_parameters";

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public List<String> architectures() {
        return List.of("Gemma3ForCausalLM");
    }

    @Override
    public String bareArchitecture() {
        return "Gemma3TextModel";
    }

    @Override
    public OptionalInt padding() {
        return OptionalInt.of(0);
    }

    @Override
    public OptionalInt endToken() {
        return OptionalInt.of(1);
    }

    @Override
    public boolean isStretched() {
        return false;
    }

    @Override
    public DecoderPlan read(ModelFields fields) {
        FamilySizes sizes =
                FamilySizes.read(fields, new FamilySizes.Defaults(4, 256, 131072, 1e-6));
        if (fields.isSet(GemmaBlocks.CAP)) {
            // transformers keeps the field, and its attention does not use it.
            fields.refuse(GemmaBlocks.CAP, fields.number(GemmaBlocks.CAP, 0), "null");
        }
        GemmaBlocks gemma = new GemmaBlocks(fields, sizes, 0);
        int pattern = fields.size("sliding_window_pattern", 6);
        List<Boolean> windowed =
                fields.windowed(
                        IntStream.range(0, sizes.layers())
                                .mapToObj(layer -> (layer + 1) % pattern != 0)
                                .toList(),
                        gemma.window());
        double local = RopeReader.theta(fields, "rope_local_base_freq", LOCAL_THETA);
        RopePlan near = RopeReader.of(fields, sizes, "sliding_attention", local).whole();
        RopePlan far = far(fields, sizes);
        refuseTwoStretches(fields, near.stretchesBeyond(), far.stretchesBeyond());
        AttentionPlan.QueryKeyNorms norms =
                new AttentionPlan.QueryKeyNorms(
                        gemma.norm("self_attn.q_norm"),
                        gemma.norm("self_attn.k_norm"),
                        AttentionPlan.Extent.HEAD,
                        false);
        List<BlockPlan> blocks =
                windowed.stream()
                        .map(seesWindow -> gemma.block(seesWindow, seesWindow ? near : far, norms))
                        .toList();
        return gemma.plan(fields, blocks, 0, true);
    }

    /** Refuses two lengths: a sequence is stretched as a whole, at one length. */
    private static void refuseTwoStretches(ModelFields fields, int near, int far) {
        if (near != far && near < Integer.MAX_VALUE && far < Integer.MAX_VALUE) {
            fields.refuse(
                    ROPE,
                    "longrope with original_max_position_embeddings " + near + " and " + far,
                    "one for both types of layers");
        }
    }

    /**
     * Refuses two fields if each version of transformers ignores one of them. Version 5 puts {@code
     * rope_scaling} into the settings of full attention, and reads no settings but those of a type
     * of layers.
     */
    private static void refuseContradictions(ModelFields fields) {
        boolean five = fields.isObject(ROPE);
        if (five && fields.isObject("rope_scaling")) {
            fields.refuse("rope_scaling", "beside " + ROPE, "one of both");
        }
        if (five && !RopeReader.isByLayerType(fields)) {
            fields.refuse(ROPE, "for all layers", "full_attention and sliding_attention in it");
        }
        String original = "original_max_position_embeddings";
        if (fields.isSet(original)) {
            fields.refuse(original, fields.size(original, 1), "one among the rotary settings");
        }
    }

    private static RopePlan far(ModelFields fields, FamilySizes sizes) {
        double theta = RopeReader.theta(fields, "rope_theta", GLOBAL_THETA);
        refuseContradictions(fields);
        return fields.isObject(ROPE)
                ? RopeReader.of(fields, sizes, "full_attention", theta).whole()
                : RopeReader.of(fields, sizes, theta).ofLayerType().whole();
    }
}
