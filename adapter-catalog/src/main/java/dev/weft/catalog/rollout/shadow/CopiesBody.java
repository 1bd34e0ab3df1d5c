package dev.weft.catalog.rollout.shadow;

import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.ShadowFigures;
import io.swagger.v3.oas.annotations.media.Schema;

/** What became of the requests that were drawn. */
@Schema(
        name = "ShadowCopies",
        description = "What became of the requests that were drawn to be copied",
        requiredProperties = {
            "answered",
            "failed",
            "leftOut",
            "busy",
            "noTokens",
            "yielded",
            "cut"
        })
record CopiesBody(
        @Schema(description = "The candidate answered", example = "812") long answered,
        @Schema(description = "The candidate failed", example = "3") long failed,
        @Schema(
                        description = "The client left or was refused, or the request is too large",
                        example = "7")
                long leftOut,
        @Schema(
                        description =
                                "No worker had a free row and room for the candidate, or as many"
                                        + " copies as may be were under way",
                        example = "154")
                long busy,
        @Schema(description = "No tokens were left", example = "0") long noTokens,
        @Schema(description = "Broken off for clients' requests", example = "12") long yielded,
        @Schema(description = "Broken off since it took too long or too many tokens", example = "0")
                long cut) {
    static CopiesBody of(ShadowFigures figures) {
        return new CopiesBody(
                figures.count(CopyOutcome.answered),
                figures.count(CopyOutcome.failed),
                figures.count(CopyOutcome.leftOut),
                figures.count(CopyOutcome.busy),
                figures.count(CopyOutcome.noTokens),
                figures.count(CopyOutcome.yielded),
                figures.count(CopyOutcome.cut));
    }
}
