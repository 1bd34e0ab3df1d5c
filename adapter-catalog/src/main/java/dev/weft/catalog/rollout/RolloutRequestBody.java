package dev.weft.catalog.rollout;

import dev.weft.catalog.rollout.judge.BoundsBody;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.judge.RolledVersionBody;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.catalog.rollout.plan.PlanReader;
import dev.weft.catalog.rollout.plan.StepBody;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a POST that starts a rollout. */
@Schema(
        name = "RolloutRequest",
        description = "Which alias is rolled to which version, and how",
        requiredProperties = {"alias", "to"})
record RolloutRequestBody(
        @Schema(description = "Name of the alias", example = "prod") String alias,
        @Schema(
                        description =
                                "The version before; if left out, the one to which the alias leads;"
                                        + " needed only if there is no such alias yet")
                @Nullable RolledVersionBody from,
        @Schema(description = "The new version") RolledVersionBody to,
        @Schema(description = "1 to 20 steps; 5, 25 and 50 % for 10 minutes each if left out")
                @Nullable List<StepBody> steps,
        @Schema(
                        description =
                                "What is compared; errorRate 0.01, firstToken and timePerToken"
                                        + " 1.25 if left out")
                @Nullable BoundsBody bounds,
        @Schema(
                        description =
                                "Of the times that are compared, 0.5 to 0.99; 0.9 if left out",
                        example = "0.9")
                @Nullable Double quantile,
        @Schema(
                        description =
                                "The chance that a version which is within the bounds is taken back"
                                    + " all the same, over all steps, bounds and looks; 0.000001 to"
                                    + " 0.2, 0.01 if left out",
                        example = "0.01")
                @Nullable Double alpha,
        @Schema(
                        description =
                                "Requests of each version that a step needs, and streams if their"
                                        + " times are compared; 1 to 1000000, 200 if left out",
                        example = "200")
                @Nullable Integer minRequests,
        @Schema(
                        description =
                                "Scores of each version that a step needs if they are compared; 1"
                                        + " to 1000000, 50 if left out",
                        example = "50")
                @Nullable Integer minScores) {
    static final String PLAIN =
            """
            {"alias": "support", "from": {"adapter": "french", "version": 1},
             "to": {"adapter": "team/json", "version": 1},
             "steps": [{"weight": 10, "time": "15m"}, {"weight": 50, "time": "1h"}],
             "bounds": {"errorRate": 0.01, "firstToken": 1.25, "score": 0.05}}\
            """;

    /** A request, read from the body. */
    record Request(String alias, @Nullable RolledVersion from, RolledVersion to, Plan plan) {}

    static Request read(byte @Nullable [] bytes) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        "alias",
                        "from",
                        "to",
                        "steps",
                        "bounds",
                        "quantile",
                        "alpha",
                        "minRequests",
                        "minScores");
        String alias = body.text("alias", true, AdapterId.NAME_RULE, AdapterId::isName).orElse("");
        RolledVersion from =
                body.field("from").isMissingNode() || body.field("from").isNull()
                        ? null
                        : RolledVersionBody.read(body, "from");
        RolledVersion to = RolledVersionBody.read(body, "to");
        return new Request(alias, from, to, PlanReader.read(body));
    }
}
