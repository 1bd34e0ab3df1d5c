package dev.weft.catalog.web;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.protocol.error.InvalidJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The body of a request as a JSON object. It collects all faults of the body. For one thread. */
public final class JsonBody {
    /** A double would round amounts of money. */
    private static final ObjectReader JSON =
            JsonMapper.shared().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final int LONGEST_ECHO = 200;

    private final JsonNode root;
    private final List<Fault> faults = new ArrayList<>();

    /**
     * Parses a body.
     *
     * @throws BadRequestException if it isn't a JSON object
     */
    public JsonBody(byte @Nullable [] body, String... fields) {
        Set<String> known = new TreeSet<>(List.of(fields));
        this.root = parse(body == null ? new byte[0] : body, known);
        unknown("", root, known);
    }

    public JsonNode field(String name) {
        return root.path(name);
    }

    /** A text without control characters; empty if it is missing or not allowed. */
    public Optional<String> line(String field, boolean required, int longest) {
        return text(
                field,
                required,
                "1 to " + longest + " characters, no control characters",
                text ->
                        !text.isBlank()
                                && text.length() <= longest
                                && text.chars().noneMatch(Character::isISOControl));
    }

    /** A number; NaN if the value is none, or a whole number that is beyond what a double holds. */
    public static double number(JsonNode found) {
        return found.doubleValue(Double.NaN);
    }

    /**
     * A text; empty if it is missing or not allowed. A value that is not allowed is noted as a
     * fault.
     */
    public Optional<String> text(
            String field, boolean required, String allowed, Predicate<String> rule) {
        JsonNode found = field(field);
        if (found.isString()) {
            if (rule.test(found.asString())) {
                return Optional.of(found.asString());
            }
            fault(field, found, allowed);
        } else if (!found.isMissingNode() && !found.isNull()) {
            fault(field, found, "a string: " + allowed);
        } else if (required) {
            fault(field, found, allowed);
        }
        return Optional.empty();
    }

    /** Reports the unknown fields of an object within the body. */
    public void unknown(String prefix, JsonNode object, Set<String> known) {
        for (String field : object.propertyNames()) {
            if (!known.contains(field)) {
                fault(prefix + field, object.path(field), "fields " + new TreeSet<>(known));
            }
        }
    }

    public void fault(String field, JsonNode found, String allowed) {
        String value =
                found.isMissingNode() || found.isNull()
                        ? null
                        : found.isString() ? found.asString() : found.toString();
        faults.add(new Fault(field, shortened(value), allowed));
    }

    /** Throws if the body has a fault. */
    public void check() {
        if (!faults.isEmpty()) {
            throw new BadRequestException(faults);
        }
    }

    private static JsonNode parse(byte[] body, Set<String> fields) {
        String allowed = "a JSON object with fields " + fields;
        try {
            JsonNode root = JSON.readTree(body);
            if (root.isObject()) {
                return root;
            }
            String found = body.length == 0 ? null : shortened(root.toString());
            throw BadRequestException.of("body", found, allowed);
        } catch (JacksonException e) {
            throw BadRequestException.of("body", shortened(InvalidJson.words(e)), allowed);
        }
    }

    private static @Nullable String shortened(@Nullable String value) {
        return value == null || value.length() <= LONGEST_ECHO
                ? value
                : value.substring(0, LONGEST_ECHO) + "...";
    }
}
