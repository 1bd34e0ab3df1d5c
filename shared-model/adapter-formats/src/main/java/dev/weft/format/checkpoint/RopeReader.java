package dev.weft.format.checkpoint;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the rotary embedding's settings in both spellings. */
final class RopeReader {
    private final JsonNode root;
    private final JsonNode rope;
    private final String where;
    private final List<String> faults;

    RopeReader(JsonNode root, List<String> faults) {
        this.root = root;
        this.faults = faults;
        boolean five = root.path("rope_parameters").isObject();
        this.where = five ? "rope_parameters" : "rope_scaling";
        this.rope = root.path(where);
    }

    double theta(double fallback) {
        JsonNode theta =
                rope.path("rope_theta").isNumber()
                        ? rope.path("rope_theta")
                        : root.path("rope_theta");
        if (theta.isMissingNode() || theta.isNull()) {
            return fallback;
        }
        if (!theta.isNumber() || !(theta.asDouble() > 1)) {
            faults.add("config.json: rope_theta is " + theta + "; allowed are numbers above 1");
            return fallback;
        }
        return theta.asDouble();
    }

    RopeScaling scaling() {
        checkPartialRotation();
        if (rope.isMissingNode() || rope.isNull()) {
            return new RopeScaling.None();
        }
        String type = rope.path("rope_type").asString(rope.path("type").asString("default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "llama3" -> llama3();
            default -> {
                faults.add(
                        "config.json: "
                                + where
                                + ".rope_type '"
                                + type
                                + "' is not served; served are default and llama3");
                yield new RopeScaling.None();
            }
        };
    }

    private RopeScaling llama3() {
        double factor = required("factor");
        double low = required("low_freq_factor");
        double high = required("high_freq_factor");
        double original = required("original_max_position_embeddings");
        return new RopeScaling.Llama3(factor, low, high, (int) original);
    }

    private double required(String key) {
        JsonNode node = rope.path(key);
        if (!node.isNumber() || !(node.asDouble() > 0)) {
            faults.add(
                    "config.json: "
                            + where
                            + "."
                            + key
                            + " is "
                            + (node.isMissingNode() ? "missing" : node)
                            + "; allowed are numbers above 0");
            return 1;
        }
        return node.asDouble();
    }

    private void checkPartialRotation() {
        for (JsonNode holder : List.of(root, rope)) {
            JsonNode share = holder.path("partial_rotary_factor");
            if (share.isNumber() && share.asDouble() != 1.0) {
                faults.add(
                        "config.json: partial_rotary_factor "
                                + share
                                + " is not served; served is 1");
            }
        }
    }
}
