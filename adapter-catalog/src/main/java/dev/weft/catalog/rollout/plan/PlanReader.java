package dev.weft.catalog.rollout.plan;

import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.CriteriaReader;
import dev.weft.catalog.web.JsonBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The part of a rollout's body that says how it goes. Faults are noted in the body. */
public final class PlanReader {
    private static final int MOST_STEPS = 20;
    private static final Set<String> STEP = Set.of("weight", "time");

    private static final List<Plan.Step> STEPS =
            List.of(new Plan.Step(5, 600), new Plan.Step(25, 600), new Plan.Step(50, 600));

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
    public static Plan read(JsonBody body) {
        var reader = new PlanReader(body);
        List<Plan.Step> steps = reader.steps();
        var criteria = new CriteriaReader(body, List.of(Bound.values()));
        Map<Bound, Double> bounds = criteria.bounds();
        double quantile = criteria.quantile();
        double alpha = criteria.alpha();
        int requests = criteria.observations("minRequests", 200);
        int scores = criteria.observations("minScores", 50);
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
            steps.add(
                    new Plan.Step(
                            weight.asInt(0),
                            CriteriaReader.seconds(body, field + ".time", step.path("time"))));
        }
        return steps;
    }
}
