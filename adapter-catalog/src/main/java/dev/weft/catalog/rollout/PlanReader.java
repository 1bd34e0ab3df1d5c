package dev.weft.catalog.rollout;

import dev.weft.catalog.web.JsonBody;
import dev.weft.settings.text.Durations;
import dev.weft.settings.text.NotAllowedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The part of a rollout's body that says how it goes. Faults are noted in the body. */
final class PlanReader {
    private static final int MOST_STEPS = 20;
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Set<String> STEP = Set.of("weight", "time");
    private static final Set<String> NAMES =
            Set.of("errorRate", "firstToken", "timePerToken", "score");
    private static final int MOST_OBSERVATIONS = 1_000_000;

    private static final List<Plan.Step> STEPS =
            List.of(new Plan.Step(5, 600), new Plan.Step(25, 600), new Plan.Step(50, 600));
    private static final Map<Bound, Double> BOUNDS =
            Map.of(Bound.errorRate, 0.01, Bound.firstToken, 1.25, Bound.timePerToken, 1.25);

    private final JsonBody body;

    private PlanReader(JsonBody body) {
        this.body = body;
    }

    /**
     * Reads the plan.
     *
     * @throws dev.weft.catalog.fault.BadRequestException if the body has a fault, here or noted
     *     before
     */
    static Plan read(JsonBody body) {
        var reader = new PlanReader(body);
        List<Plan.Step> steps = reader.steps();
        Map<Bound, Double> bounds = reader.bounds();
        double quantile = reader.number("quantile", body.field("quantile"), 0.5, 0.99, 0.9);
        double alpha = reader.number("alpha", body.field("alpha"), 0.000001, 0.2, 0.01);
        int requests = reader.whole("minRequests", 200);
        int scores = reader.whole("minScores", 50);
        body.check();
        return new Plan(steps, bounds, quantile, alpha, requests, scores);
    }

    private List<Plan.Step> steps() {
        JsonNode list = body.field("steps");
        if (list.isMissingNode() || list.isNull()) {
            return STEPS;
        }
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_STEPS) {
            body.fault("steps", list, "a list of 1 to " + MOST_STEPS + " steps");
            return STEPS;
        }
        List<Plan.Step> steps = new ArrayList<>();
        int before = 0;
        for (int place = 0; place < list.size(); place++) {
            String field = "steps[" + place + "]";
            JsonNode step = list.get(place);
            body.unknown(field + ".", step, STEP);
            JsonNode weight = step.path("weight");
            if (!weight.isInt() || weight.asInt() <= before || weight.asInt() >= Plan.WHOLE) {
                body.fault(
                        field + ".weight",
                        weight,
                        "percent from 1 to 99, more than in the step before");
            }
            before = Math.max(before, weight.asInt(0));
            steps.add(new Plan.Step(weight.asInt(0), seconds(field + ".time", step.path("time"))));
        }
        return steps;
    }

    private long seconds(String field, JsonNode found) {
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

    private Map<Bound, Double> bounds() {
        JsonNode found = body.field("bounds");
        if (found.isMissingNode() || found.isNull()) {
            return BOUNDS;
        }
        Map<Bound, Double> bounds = new EnumMap<>(Bound.class);
        for (Bound bound : Bound.values()) {
            JsonNode value = found.path(bound.name());
            if (!value.isMissingNode() && !value.isNull()) {
                bounds.put(bound, bound(bound, value));
            }
        }
        if (!found.isObject() || bounds.isEmpty()) {
            body.fault("bounds", found, "one or more of " + List.of(Bound.values()));
            return BOUNDS;
        }
        body.unknown("bounds.", found, NAMES);
        return bounds;
    }

    private double bound(Bound bound, JsonNode value) {
        String field = "bounds." + bound;
        return switch (bound) {
            case errorRate, score -> number(field, value, 0, 0.99, 0);
            case firstToken, timePerToken -> number(field, value, 1, 100, 1);
        };
    }

    private double number(
            String field, JsonNode value, double least, double most, double otherwise) {
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        double number = value.isNumber() ? value.asDouble() : Double.NaN;
        if (!(number >= least && number <= most)) {
            body.fault(field, value, least + " to " + most);
            return otherwise;
        }
        return number;
    }

    private int whole(String field, int otherwise) {
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
}
