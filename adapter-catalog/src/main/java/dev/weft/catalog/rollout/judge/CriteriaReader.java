package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.web.JsonBody;
import dev.weft.settings.text.Durations;
import dev.weft.settings.text.NotAllowedException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The part of a body that says by what a version is judged. Faults are noted in the body. */
public final class CriteriaReader {
    private static final int MOST_OBSERVATIONS = 1_000_000;

    private static final Duration LONGEST = Duration.ofDays(30);

    private static final Map<Bound, Double> BOUNDS =
            Map.of(Bound.errorRate, 0.01, Bound.firstToken, 1.25, Bound.timePerToken, 1.25);

    private final JsonBody body;
    private final List<Bound> known;

    /**
     * @param known the bounds that may be given
     */
    public CriteriaReader(JsonBody body, List<Bound> known) {
        this.body = body;
        this.known = known;
    }

    /** The field {@code bounds}; error rate and times if it is left out. */
    public Map<Bound, Double> bounds() {
        JsonNode found = body.field("bounds");
        if (found.isMissingNode() || found.isNull()) {
            return BOUNDS;
        }
        Map<Bound, Double> bounds = new EnumMap<>(Bound.class);
        for (Bound bound : known) {
            JsonNode value = found.path(bound.name());
            if (!value.isMissingNode() && !value.isNull()) {
                bounds.put(bound, bound(bound, value));
            }
        }
        if (!found.isObject() || bounds.isEmpty()) {
            body.fault("bounds", found, "one or more of " + known);
            return BOUNDS;
        }
        Set<String> names = known.stream().map(Bound::name).collect(Collectors.toSet());
        body.unknown("bounds.", found, names);
        return bounds;
    }

    private double bound(Bound bound, JsonNode value) {
        String field = "bounds." + bound;
        return switch (bound) {
            case errorRate, score -> number(field, value, 0, 0.99, 0);
            case firstToken, timePerToken -> number(field, value, 1, 100, 1);
        };
    }

    /** The field {@code quantile}; 0.9 if it is left out. */
    public double quantile() {
        return number("quantile", body.field("quantile"), 0.5, 0.99, 0.9);
    }

    /** The field {@code alpha}; 0.01 if it is left out. */
    public double alpha() {
        return number("alpha", body.field("alpha"), 0.000001, 0.2, 0.01);
    }

    /** A field with a number of observations. */
    public int observations(String field, int otherwise) {
        JsonNode value = body.field(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isInt() || value.asInt() < 1 || value.asInt() > MOST_OBSERVATIONS) {
            body.fault(field, value, "1 to " + MOST_OBSERVATIONS);
            return otherwise;
        }
        return value.asInt();
    }

    /**
     * A time of 1 s to 720 h, in seconds. If the value is not such a time, notes a fault in the
     * body and returns 1.
     */
    public static long seconds(JsonBody body, String field, JsonNode found) {
        try {
            Duration time = Durations.parse(found.asString(""));
            if (time.toMillisPart() == 0 && !time.isZero() && time.compareTo(LONGEST) <= 0) {
                return time.toSeconds();
            }
        } catch (NotAllowedException _) {
            // the fault is the same
        }
        body.fault(field, found, "1s to 720h, a whole number with the unit s, m or h");
        return 1;
    }

    private double number(
            String field, JsonNode value, double least, double most, double otherwise) {
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        double number = JsonBody.number(value);
        if (!(number >= least && number <= most)) {
            body.fault(field, value, least + " to " + most);
            return otherwise;
        }
        return number;
    }
}
