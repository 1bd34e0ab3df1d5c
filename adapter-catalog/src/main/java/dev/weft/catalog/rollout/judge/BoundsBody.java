package dev.weft.catalog.rollout.judge;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much worse the new version may be. A bound that is left out is not compared. */
@Schema(name = "RolloutBounds", description = "How much worse the new version may be")
public record BoundsBody(
        @Schema(
                        types = {"number", "null"},
                        description =
                                "By how much the part of requests that fail may be larger, 0 to"
                                        + " 0.99; a client's own errors do not count",
                        example = "0.01")
                @Nullable Double errorRate,
        @Schema(
                        types = {"number", "null"},
                        description =
                                "How many times as long the quantile of the times to the first"
                                        + " event of a stream may be, 1 to 100",
                        example = "1.25")
                @Nullable Double firstToken,
        @Schema(
                        types = {"number", "null"},
                        description = "The same of the time per token after the first",
                        example = "1.25")
                @Nullable Double timePerToken,
        @Schema(
                        types = {"number", "null"},
                        description = "By how much the mean score may be lower, 0 to 0.99",
                        example = "0.05")
                @Nullable Double score) {
    public static BoundsBody of(Map<Bound, Double> bounds) {
        return new BoundsBody(
                bounds.get(Bound.errorRate),
                bounds.get(Bound.firstToken),
                bounds.get(Bound.timePerToken),
                bounds.get(Bound.score));
    }
}
