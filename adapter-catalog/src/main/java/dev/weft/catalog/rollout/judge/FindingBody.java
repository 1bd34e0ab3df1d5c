package dev.weft.catalog.rollout.judge;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a bound says about the step. */
@Schema(
        name = "RolloutFinding",
        description = "What one bound says about the step",
        requiredProperties = {"bound", "allowed", "from", "to", "needed", "p"})
public record FindingBody(
        @Schema(description = "What is compared") Bound bound,
        @Schema(description = "How much worse the new version may be", example = "0.01")
                double allowed,
        @Schema(description = "Of the version before") Figure from,
        @Schema(description = "Of the new version") Figure to,
        @Schema(description = "Observations of each version that the step needs", example = "200")
                long needed,
        @Schema(
                        description =
                                "At most this chance for such figures, at any look in any step, if"
                                        + " the new version is within the bounds; the alias returns"
                                        + " if it is not above alpha",
                        example = "1.0")
                double p) {
    /** A figure of a version. */
    @Schema(
            name = "RolloutFigure",
            description = "A figure of a version",
            requiredProperties = {"value", "count"})
    public record Figure(
            @Schema(
                            types = {"number", "null"},
                            description =
                                    "The part that failed, the quantile in seconds, or the mean"
                                            + " score; null without observations",
                            example = "0.004")
                    @Nullable Double value,
            @Schema(description = "How many observations it is of", example = "1012") long count) {
        static Figure of(Finding.Figure figure) {
            return new Figure(Double.isNaN(figure.value()) ? null : figure.value(), figure.count());
        }
    }

    public static FindingBody of(Finding finding) {
        return new FindingBody(
                finding.bound(),
                finding.allowed(),
                Figure.of(finding.before()),
                Figure.of(finding.candidate()),
                finding.needed(),
                finding.chance());
    }
}
