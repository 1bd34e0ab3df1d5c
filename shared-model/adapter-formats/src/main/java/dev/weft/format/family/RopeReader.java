package dev.weft.format.family;

import dev.weft.format.decoder.RopePlan;
import dev.weft.format.decoder.RopeScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the rotary embedding's settings in both spellings, {@code rope_theta} with {@code
 * rope_scaling} and {@code rope_parameters}, and works out their numbers as transformers does
 * (modeling_rope_utils).
 */
public final class RopeReader {
    /** The known settings: those that some scaling reads, and those that none does. */
    private static final Set<String> KNOWN =
            Set.of(
                    "rope_type",
                    "type",
                    "rope_theta",
                    "partial_rotary_factor",
                    "factor",
                    "low_freq_factor",
                    "high_freq_factor",
                    "original_max_position_embeddings",
                    "attention_factor",
                    "beta_fast",
                    "beta_slow",
                    "truncate",
                    "mscale",
                    "mscale_all_dim",
                    "short_factor",
                    "long_factor",
                    "finetuned");

    private static final String DEFAULT = "default";

    /** Older names of types in {@code type}, and their names in {@code rope_type}. */
    private static final Map<String, String> RENAMED = Map.of("su", "longrope", "mrope", DEFAULT);

    private final ModelFields root;
    private final ModelFields rope;
    private final FamilySizes sizes;
    private final double theta;

    /** The class's original_max_position_embeddings; 0 if it has no such field. */
    private final int ofClass;

    /** Whether the class has settings for each type of layers. */
    private final boolean byType;

    private RopeReader(
            ModelFields root,
            ModelFields rope,
            FamilySizes sizes,
            double theta,
            int ofClass,
            boolean byType) {
        this.root = root;
        this.rope = rope;
        this.sizes = sizes;
        this.theta = theta;
        this.ofClass = ofClass;
        this.byType = byType;
    }

    /** A reader of what config.json says for all layers. */
    public static RopeReader of(ModelFields root, FamilySizes sizes, double defaultTheta) {
        ModelFields rope = root.within(key(root));
        double theta = theta(root, "rope_theta", defaultTheta);
        return new RopeReader(root, rope, sizes, theta(rope, "rope_theta", theta), 0, false);
    }

    /**
     * Returns a reader for a family whose class has {@code original_max_position_embeddings}
     * itself. The same field among the rotary settings is then not read.
     *
     * @param ofClass its value if config.json has none
     */
    public RopeReader withOriginal(int ofClass) {
        return new RopeReader(root, rope, sizes, theta, ofClass, byType);
    }

    /**
     * Returns a reader for a family whose class has settings for each type of layers. That class
     * adds {@code rope_scaling} to settings that say {@code rope_type: default}, so a {@code type}
     * alone changes nothing there; other classes take it.
     */
    public RopeReader ofLayerType() {
        String type = rope.text("type", DEFAULT);
        if (root.isObject("rope_scaling") && !rope.isSet("rope_type") && !type.equals(DEFAULT)) {
            rope.refuse(
                    "type",
                    "'" + type + "' without rope_type",
                    "rope_type in a family with rotations by layer type");
        }
        return new RopeReader(root, rope, sizes, theta, ofClass, true);
    }

    /**
     * A reader of what {@code rope_parameters} says for layers of one type.
     *
     * @param theta if it says nothing
     */
    public static RopeReader of(
            ModelFields root, FamilySizes sizes, String layerType, double theta) {
        ModelFields rope = root.within("rope_parameters").within(layerType);
        return new RopeReader(root, rope, sizes, theta(rope, "rope_theta", theta), 0, true);
    }

    /** True if {@code rope_parameters} has settings for a type of layers. */
    public static boolean isByLayerType(ModelFields root) {
        JsonNode rope = root.json().path("rope_parameters");
        return rope.has("full_attention") || rope.has("sliding_attention");
    }

    /** The base of the frequencies, above 1. */
    public static double theta(ModelFields fields, String key, double fallback) {
        double theta = fields.number(key, fallback);
        if (theta <= 1) {
            fields.refuse(key, theta, "a number above 1");
        }
        return theta;
    }

    private static String key(ModelFields root) {
        return root.isObject("rope_scaling") ? "rope_scaling" : "rope_parameters";
    }

    /** Whole heads are rotated, in halves. */
    public RopePlan whole() {
        return whole(RopePlan.Pairs.HALVES);
    }

    /** Whole heads are rotated. */
    public RopePlan whole(RopePlan.Pairs pairs) {
        double share =
                rope.number("partial_rotary_factor", root.number("partial_rotary_factor", 1));
        if (share != 1) {
            root.refuse("partial_rotary_factor", share, "1");
        }
        return read(type(), sizes.heads().size(), pairs);
    }

    /** The first {@code partial_rotary_factor} of each head is rotated, in halves. */
    public RopePlan partial(String type) {
        double share =
                rope.number("partial_rotary_factor", root.number("partial_rotary_factor", 1));
        int size = (int) (sizes.heads().size() * share);
        if (share > 1 || size < 2 || size % 2 != 0) {
            root.refuse(
                    "partial_rotary_factor",
                    share,
                    "a part of head_dim " + sizes.heads().size() + " of whole pairs");
            size = sizes.heads().size();
        }
        return read(type, size, RopePlan.Pairs.HALVES);
    }

    /** Whole heads are rotated, with the frequencies of another base. */
    RopePlan plain(double otherTheta) {
        return plan(otherTheta, sizes.heads().size(), new RopeScaling.None(), 1);
    }

    /**
     * The type in words: {@code default} if none is given. A file in which {@code type} and {@code
     * rope_type} differ is refused: transformers then passes over {@code type}, vLLM takes no such
     * file.
     */
    public String type() {
        String older = rope.text("type", DEFAULT);
        String type = rope.text("rope_type", older);
        if (rope.isSet("type") && !older.equals(type) && !type.equals(RENAMED.get(older))) {
            rope.refuse("type", "'" + older + "' beside rope_type '" + type + "'", "one of both");
        }
        return type;
    }

    /** {@code dynamic} with {@code alpha}: another base, the same for every length. */
    public RopePlan ofAlpha() {
        double size = sizes.heads().size();
        return plain(theta * Math.pow(rope.number("alpha", 1), size / (size - 2)));
    }

    /** Positions of a sequence, stretched by what these settings say. */
    int reach() {
        double factor = rope.isSet("factor") ? rope.number("factor", 1) : 1;
        RopeScaling scaling =
                switch (rope.text("rope_type", rope.text("type", DEFAULT))) {
                    case "linear" -> new RopeScaling.Linear(factor);
                    case "yarn" -> new RopeScaling.Yarn(factor, 0, 0, original());
                    default -> new RopeScaling.None();
                };
        return scaling.reach(sizes.positions());
    }

    /** Whether {@code alpha} is set. */
    public boolean hasAlpha() {
        return rope.isSet("alpha");
    }

    private RopePlan read(String type, int size, RopePlan.Pairs pairs) {
        rope.json()
                .properties()
                .forEach(field -> {
                    if (!KNOWN.contains(field.getKey()) && !field.getValue().isNull()) {
                        rope.refuse(field.getKey(), field.getValue(), "none");
                    }
                });
        RopePlan plan =
                switch (type) {
                    case DEFAULT -> plan(theta, size, new RopeScaling.None(), 1);
                    case "linear" ->
                            plan(theta, size, new RopeScaling.Linear(required("factor")), 1);
                    case "llama3" -> plan(theta, size, llama3(), 1);
                    case "yarn" -> yarn(size);
                    case "longrope" -> longRope(size);
                    default -> {
                        rope.refuse(
                                "rope_type",
                                "'" + type + "'",
                                "default, linear, llama3, yarn and longrope");
                        yield plan(theta, size, new RopeScaling.None(), 1);
                    }
                };
        return new RopePlan(plan.theta(), plan.size(), plan.scaling(), plan.factor(), pairs);
    }

    private static RopePlan plan(double theta, int size, RopeScaling scaling, double factor) {
        return new RopePlan(theta, size, scaling, (float) factor, RopePlan.Pairs.HALVES);
    }

    private RopeScaling llama3() {
        return new RopeScaling.Llama3(
                required("factor"),
                required("low_freq_factor"),
                required("high_freq_factor"),
                original());
    }

    private RopePlan yarn(int size) {
        int original = original();
        double factor =
                rope.has("factor") && !rope.isSet("factor")
                        ? (double) sizes.positions() / original
                        : required("factor");
        double low = correction(rope.number("beta_fast", 32), size, original);
        double high = correction(rope.number("beta_slow", 1), size, original);
        if (truncates()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        RopeScaling scaling =
                new RopeScaling.Yarn(factor, Math.max(low, 0), Math.min(high, size - 1), original);
        return plan(theta, size, scaling, rope.number("attention_factor", mscale(factor)));
    }

    /**
     * Whether {@code truncate} is true. If types of layers have settings of their own, false is
     * refused: transformers 5 reads the field beside the types, others read it within one.
     */
    private boolean truncates() {
        boolean truncates = rope.flag("truncate", true);
        if (byType) {
            for (ModelFields place : List.of(rope, root.within("rope_parameters"))) {
                if (!place.flag("truncate", true)) {
                    place.refuse(
                            "truncate", false, "true in a family with rotations by layer type");
                }
            }
        }
        return truncates;
    }

    private double correction(double rotations, int size, int original) {
        return size * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double mscale(double factor) {
        if (rope.isSet("mscale") && rope.isSet("mscale_all_dim")) {
            return mscale(factor, rope.number("mscale", 1))
                    / mscale(factor, rope.number("mscale_all_dim", 1));
        }
        return mscale(factor, 1);
    }

    private static double mscale(double factor, double by) {
        return factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1;
    }

    private RopePlan longRope(int size) {
        int original = original();
        double quotient = (double) sizes.positions() / original;
        double factor = rope.number("factor", quotient);
        boolean ofWhole = ofClass > 0 || root.isSet("original_max_position_embeddings");
        if (ofWhole && factor != quotient && !rope.isSet("attention_factor")) {
            // transformers 4.5x and vLLM put the quotient in its place, 5 does not
            rope.refuse("factor", factor, quotient + ", or any with attention_factor");
        }
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        RopeScaling scaling =
                new RopeScaling.LongRope(
                        factors("short_factor", size / 2),
                        factors("long_factor", size / 2),
                        original);
        return plan(theta, size, scaling, rope.number("attention_factor", attention));
    }

    private List<Float> factors(String key, int count) {
        List<Float> factors = new ArrayList<>();
        JsonNode list = rope.json().path(key);
        for (JsonNode factor : list) {
            if (factor.isNumber() && factor.asDouble(0) > 0) {
                factors.add((float) factor.asDouble(0));
            }
        }
        if (!list.isArray() || factors.size() != list.size() || factors.size() != count) {
            rope.refuse(
                    key,
                    list.isArray() ? "with " + list.size() + " values" : list,
                    "a list of " + count + " numbers above 0");
        }
        return factors;
    }

    /** config.json's own field comes first, as for transformers. */
    private int original() {
        String key = "original_max_position_embeddings";
        int fallback = ofClass > 0 ? ofClass : rope.size(key, sizes.positions());
        return root.size(key, fallback);
    }

    private double required(String key) {
        if (!rope.isSet(key)) {
            rope.refuse(key, "(missing)", "a number above 0");
            return 1;
        }
        return rope.number(key, 1);
    }
}
