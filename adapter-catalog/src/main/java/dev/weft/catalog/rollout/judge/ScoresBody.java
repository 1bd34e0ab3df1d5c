package dev.weft.catalog.rollout.judge;

import dev.weft.catalog.evidence.Observations;
import dev.weft.catalog.web.JsonBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a POST that gives a judge's scores to a rollout. */
@Schema(name = "RolloutScores", description = "Scores of answers, 0 to 1")
public record ScoresBody(
        @Schema(description = "Of answers of the version before, up to 10000", example = "[0.9]")
                @Nullable List<Double> from,
        @Schema(description = "Of answers of the new version, up to 10000", example = "[0.8]")
                @Nullable List<Double> to,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Name of these scores, up to 128 characters: scores of a name count"
                                        + " once, however often they are sent",
                        example = "2026-11-28/17")
                @Nullable String id,
        @Schema(
                        types = {"integer", "null"},
                        description =
                                "The step, from 1, that the answers are of; the one that the"
                                        + " rollout is in if left out",
                        example = "2")
                @Nullable Integer step) {
    public static final String SOME =
            """
            {"from": [0.9, 0.75, 1], "to": [0.85, 0.8]}\
            """;

    private static final int MOST = 10_000;
    private static final String ALLOWED = "a list of up to " + MOST + " numbers from 0 to 1";

    private static final int LONGEST_ID = 128;

    /**
     * Scores of both versions.
     *
     * @param id of these scores, which count once; null if they have none
     * @param step from 1, that they are of; null for the one that the rollout is in
     */
    public record Scores(
            Observations from, Observations to, @Nullable String id, @Nullable Integer step) {}

    public static Scores read(byte @Nullable [] bytes) {
        JsonBody body = new JsonBody(bytes, "from", "to", "id", "step");
        var scores =
                new Scores(
                        observations(body, "from"),
                        observations(body, "to"),
                        body.line("id", false, LONGEST_ID).orElse(null),
                        step(body));
        if (scores.from.count() + scores.to.count() == 0) {
            body.fault("to", body.field("to"), "at least one score in from or to");
        }
        body.check();
        return scores;
    }

    private static @Nullable Integer step(JsonBody body) {
        JsonNode step = body.field("step");
        if (step.isMissingNode() || step.isNull()) {
            return null;
        }
        if (step.isIntegralNumber() && step.canConvertToInt() && step.intValue() >= 1) {
            return step.intValue();
        }
        body.fault("step", step, "the number of a step, from 1");
        return null;
    }

    private static Observations observations(JsonBody body, String field) {
        JsonNode list = body.field(field);
        if (list.isMissingNode() || list.isNull()) {
            return new Observations(0, 0);
        }
        if (!list.isArray() || list.size() > MOST) {
            body.fault(field, list, ALLOWED);
            return new Observations(0, 0);
        }
        double sum = 0;
        for (int place = 0; place < list.size(); place++) {
            JsonNode score = list.get(place);
            double value = JsonBody.number(score);
            if (value >= 0 && value <= 1) {
                sum += value;
            } else {
                body.fault(field + "[" + place + "]", score, "a number from 0 to 1");
                return new Observations(0, 0);
            }
        }
        return new Observations(Math.min(sum, list.size()), list.size());
    }
}
