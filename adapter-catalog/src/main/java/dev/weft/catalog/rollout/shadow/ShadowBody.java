package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.rollout.judge.BoundsBody;
import dev.weft.catalog.rollout.judge.FindingBody;
import dev.weft.catalog.rollout.judge.RolledVersionBody;
import dev.weft.settings.text.Durations;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shadow as the admin API shows it. */
@Schema(
        name = "Shadow",
        description =
                "A candidate that gets copies of an alias's requests, whose answers nobody sees",
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
            "withinBounds",
            "findings",
            "likeness",
            "copies",
            "tokens",
            "share",
            "maxTokens",
            "concurrent",
            "time",
            "bounds",
            "quantile",
            "alpha",
            "minRequests",
            "startedBy",
            "startedAt",
            "endsAt",
            "endedAt"
        })
record ShadowBody(
        @Schema(description = "Number of the shadow", example = "1") long id,
        @Schema(description = "Name of the alias", example = "prod") String alias,
        @Schema(description = "Whose it is", example = "default") String tenant,
        @Schema(description = "The version that the alias serves") RolledVersionBody from,
        @Schema(description = "The candidate") RolledVersionBody to,
        @Schema(description = "What has become of it") Shadow.State state,
        @Schema(
                        types = {"string", "null"},
                        description = "Why it has ended; null while it runs")
                @Nullable String reason,
        @Schema(
                        types = {"string", "null"},
                        description = "The bound that the candidate broke; null if none",
                        example = "errorRate")
                @Nullable String bound,
        @Schema(
                        types = {"string", "null"},
                        description = "What it waits for; null if it has ended")
                @Nullable String waitsFor,
        @Schema(
                        description =
                                "True if enough requests were compared and there is no evidence"
                                        + " against the candidate",
                        example = "true")
                boolean withinBounds,
        @Schema(description = "What its bounds say") List<FindingBody> findings,
        @Schema(description = "How alike the answers are") LikenessBody likeness,
        @Schema(description = "What became of the requests that were drawn") CopiesBody copies,
        @Schema(
                        description =
                                "Tokens that copies used, of prompts and answers; they are in no"
                                        + " key's usage",
                        example = "181234")
                long tokens,
        @Schema(description = "The part of the requests that is copied", example = "0.1")
                double share,
        @Schema(description = "Tokens that all copies may use", example = "1000000") long maxTokens,
        @Schema(description = "Copies that each gateway may have under way", example = "2")
                int concurrent,
        @Schema(description = "How long it lasts", example = "1h") String time,
        @Schema(description = "How much worse the candidate may be") BoundsBody bounds,
        @Schema(description = "Of the times that are compared", example = "0.9") double quantile,
        @Schema(
                        description =
                                "The chance that a candidate within the bounds is found worse all"
                                        + " the same",
                        example = "0.01")
                double alpha,
        @Schema(description = "Requests of each version that are enough", example = "200")
                long minRequests,
        @Schema(description = "Who started it", example = "anonymous") String startedBy,
        @Schema(description = "When it was started") Instant startedAt,
        @Schema(description = "When it ends at the latest") Instant endsAt,
        @Schema(
                        types = {"string", "null"},
                        format = "date-time",
                        description = "When it ended; null if it has not")
                @Nullable Instant endedAt) {
    static ShadowBody of(Shadows.Shown shown) {
        Shadow shadow = shown.shadow();
        ShadowPlan.Copying copying = shadow.plan().copying();
        ShadowPlan.Judging judging = shadow.plan().judging();
        Shadow.Progress progress = shadow.progress();
        return new ShadowBody(
                shadow.id(),
                shadow.alias().name(),
                shadow.alias().tenant(),
                RolledVersionBody.of(shadow.from()),
                RolledVersionBody.of(shadow.to()),
                progress.state(),
                progress.reason(),
                progress.bound() == null ? null : progress.bound().name(),
                shown.waitsFor(),
                shown.isWithinBounds(),
                shown.findings().stream().map(FindingBody::of).toList(),
                LikenessBody.of(shadow.figures().likeness()),
                CopiesBody.of(shadow.figures()),
                shadow.figures().tokens(),
                copying.share(),
                copying.maxTokens(),
                copying.concurrent(),
                Durations.plain(Duration.ofSeconds(copying.seconds())),
                BoundsBody.of(judging.bounds()),
                judging.quantile(),
                judging.alpha(),
                judging.minRequests(),
                shadow.compared().startedBy(),
                shadow.compared().started(),
                shadow.ends(),
                progress.ended());
    }
}
