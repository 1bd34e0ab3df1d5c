package dev.weft.format.family;

import tools.jackson.databind.JsonNode;

/**
 * Refuses fields of windows that a family's class does not read. transformers' cache reads them all
 * the same: it drops what lies behind such a window, while the family's masks see all positions.
 * vLLM makes windows of them. So a file whose context is longer than such a window has several
 * meanings.
 */
public final class UnreadWindows {
    /** A base of the rotations; no window depends on it. */
    private static final double USUAL_THETA = 10_000;

    private static final String TYPES = "layer_types";

    private UnreadWindows() {}

    /** Refuses windows of a family whose class has none. */
    public static void refuse(ModelFields fields, FamilySizes sizes) {
        refuseBelow("sliding_window", fields, sizes);
        refuse(fields, sizes, 0);
    }

    /**
     * Refuses other windows of a family whose class has one window for all layers, and reads no
     * types of layers.
     *
     * @param window 0 for none
     */
    public static void refuse(ModelFields fields, FamilySizes sizes, int window) {
        refuseChunks(fields, sizes, window);
        String served = window == 0 ? "full_attention" : "sliding_attention";
        JsonNode types = fields.json().path(TYPES);
        boolean fits =
                types.isArray()
                        && types.valueStream().allMatch(type -> type.asString("").equals(served));
        if (fields.isSet(TYPES) && !fits) {
            fields.refuse(TYPES, types, "null, or " + served + " for all layers of this family");
        }
    }

    /** Refuses chunks alone, for such a family that refuses all types of layers itself. */
    public static void refuseChunks(ModelFields fields, FamilySizes sizes, int window) {
        if (window == 0) {
            refuseBelow("attention_chunk_size", fields, sizes);
        }
    }

    private static void refuseBelow(String key, ModelFields fields, FamilySizes sizes) {
        JsonNode window = fields.json().path(key);
        int reach = RopeReader.of(fields, sizes, USUAL_THETA).reach();
        boolean reaches = window.isIntegralNumber() && window.asLong(0) >= reach;
        if (fields.isSet(key) && !reaches) {
            fields.refuse(
                    key,
                    window,
                    "null in this family, or at least "
                            + (reach == sizes.positions()
                                    ? "max_position_embeddings " + reach
                                    : "the stretched context, " + reach));
        }
    }
}
