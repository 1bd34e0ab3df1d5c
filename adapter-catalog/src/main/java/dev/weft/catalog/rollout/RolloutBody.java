package dev.weft.catalog.rollout;

import dev.weft.catalog.rollout.judge.BoundsBody;
import dev.weft.catalog.rollout.judge.FindingBody;
import dev.weft.catalog.rollout.judge.RolledVersionBody;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.catalog.rollout.plan.StepBody;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rollout as the admin API shows it. */
@Schema(
        name = "Rollout",
        description = "An alias on its way from one version to another",
        requiredProperties = {
            "id",
            "alias",
            "tenant",
            "from",
            "to",
            "state",
            "reason",
            "bound",
            "waitsFor",
            "step",
            "stepStartedAt",
            "findings",
            "steps",
            "bounds",
            "quantile",
            "alpha",
            "minRequests",
            "minScores",
            "startedBy",
            "startedAt",
            "endedAt"
        })
record RolloutBody(
        @Schema(description = "Number of the rollout", example = "1") long id,
        @Schema(description = "Name of the alias", example = "prod") String alias,
        @Schema(description = "Whose it is", example = "default") String tenant,
        @Schema(description = "The version before") RolledVersionBody from,
        @Schema(description = "The new version") RolledVersionBody to,
        @Schema(description = "What has become of it") Rollout.State state,
        @Schema(
                        types = {"string", "null"},
                        description =
                                "Why it is in that state; null if there is nothing to say about it")
                @Nullable String reason,
        @Schema(
                        types = {"string", "null"},
                        description = "The bound for which it returned; null if for none",
                        example = "errorRate")
                @Nullable String bound,
        @Schema(
                        types = {"string", "null"},
                        description = "What it waits for; null if it has ended")
                @Nullable String waitsFor,
        @Schema(description = "The step it is in, from 1", example = "2") int step,
        @Schema(description = "When the step began") Instant stepStartedAt,
        @Schema(description = "What its bounds say about the step") List<FindingBody> findings,
        @Schema(description = "Its steps") List<StepBody> steps,
        @Schema(description = "How much worse the new version may be") BoundsBody bounds,
        @Schema(description = "Of the times that are compared", example = "0.9") double quantile,
        @Schema(
                        description =
                                "The chance that a version within the bounds is taken back all the"
                                        + " same",
                        example = "0.01")
                double alpha,
        @Schema(description = "Requests of each version that a step needs", example = "200")
                long minRequests,
        @Schema(
                        description =
                                "Scores of each version that a step needs if they are compared",
                        example = "50")
                long minScores,
        @Schema(description = "Who started it", example = "anonymous") String startedBy,
        @Schema(description = "When it was started") Instant startedAt,
        @Schema(
                        types = {"string", "null"},
                        format = "date-time",
                        description = "When it ended; null if it has not")
                @Nullable Instant endedAt) {
    static RolloutBody of(Rollouts.Shown shown) {
        Rollout rollout = shown.rollout();
        Plan plan = rollout.plan();
        Rollout.Progress progress = rollout.progress();
        return new RolloutBody(
                rollout.id(),
                rollout.alias().name(),
                rollout.alias().tenant(),
                RolledVersionBody.of(rollout.from()),
                RolledVersionBody.of(rollout.to()),
                progress.state(),
                progress.reason(),
                progress.bound() == null ? null : progress.bound().name(),
                shown.waitsFor(),
                progress.step() + 1,
                progress.stepped(),
                shown.findings().stream().map(FindingBody::of).toList(),
                plan.steps().stream().map(StepBody::of).toList(),
                BoundsBody.of(plan.bounds()),
                plan.quantile(),
                plan.alpha(),
                plan.minRequests(),
                plan.minScores(),
                rollout.compared().startedBy(),
                rollout.compared().started(),
                rollout.ended());
    }
}
