package dev.weft.catalog.rollout.plan;

import dev.weft.settings.text.Durations;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;

/** A step of a rollout. */
@Schema(
        name = "RolloutStep",
        description = "A part of the requests for at least some time",
        requiredProperties = {"weight", "time"})
public record StepBody(
        @Schema(
                        description = "Of the new version, in percent, 1 to 99; more in each step",
                        example = "10")
                int weight,
        @Schema(description = "How long the step lasts at least, 1s to 720h", example = "15m")
                String time) {
    public static StepBody of(Plan.Step step) {
        return new StepBody(step.weight(), Durations.plain(Duration.ofSeconds(step.seconds())));
    }
}
