package dev.weft.format.lora.config;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of adapter_config.json, each with its type checked. A wrong one becomes a reason that
 * names it. Null counts as absent, as PEFT writes it.
 */
public record ConfigFields(ObjectNode json, Reasons reasons) {
    public static final String FILE = "adapter_config.json";

    public static Reasons.Location at(String key) {
        return new Reasons.Location(FILE, key);
    }

    /** The value; null if it is absent or null. */
    @Nullable JsonNode value(String key) {
        JsonNode node = json.get(key);
        return node == null || node.isNull() ? null : node;
    }

    boolean flag(String key) {
        JsonNode node = value(key);
        if (node != null && !node.isBoolean()) {
            wrong(key, node, "true or false");
        }
        return node != null && node.isBoolean() && node.booleanValue();
    }

    Optional<String> text(String key) {
        JsonNode node = value(key);
        if (node != null && !node.isString()) {
            wrong(key, node, "a text");
        }
        return node != null && node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    /** The number under the key; if there is none, the default, with a warning. */
    OptionalInt integer(String key, int otherwise) {
        JsonNode node = value(key);
        if (node == null) {
            defaultTaken(key, String.valueOf(otherwise));
            return OptionalInt.of(otherwise);
        }
        return integer(key, node);
    }

    OptionalInt integer(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            wrong(key, node, "an integer");
            return OptionalInt.empty();
        }
        return OptionalInt.of(node.intValue());
    }

    OptionalDouble number(String key, double otherwise) {
        JsonNode node = value(key);
        if (node == null) {
            defaultTaken(key, String.valueOf(otherwise));
            return OptionalDouble.of(otherwise);
        }
        return number(key, node);
    }

    OptionalDouble number(String key, JsonNode node) {
        double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
        if (!Double.isFinite(value)) {
            wrong(key, node, "a finite number");
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(value);
    }

    /** A list of texts; empty if an element is not text. */
    Optional<List<String>> texts(String key, JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isString() || element.stringValue().isBlank()) {
                wrong(key, element, "names as text in the list");
                return Optional.empty();
            }
            texts.add(element.stringValue());
        }
        return Optional.of(texts);
    }

    void wrong(String key, JsonNode found, String allowed) {
        reasons.refuse(
                LoraFault.INVALID_VALUE, at(key), found.toString(), allowed, "has a wrong value");
    }

    private void defaultTaken(String key, String value) {
        reasons.warn(
                LoraFault.DEFAULT_TAKEN,
                at(key),
                "nothing",
                "a value",
                "is not set, PEFT's default " + value + " is taken");
    }

    /** True for the values of an unset field: null, false, zero, or empty. */
    static boolean isUnset(@Nullable JsonNode node) {
        return node == null
                || node.isNull()
                || (node.isBoolean() && !node.booleanValue())
                || (node.isNumber() && node.asDouble(1) == 0)
                || (node.isString() && node.stringValue().isEmpty())
                || (node.isContainer() && node.isEmpty());
    }
}
