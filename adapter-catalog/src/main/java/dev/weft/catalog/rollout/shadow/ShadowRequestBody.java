package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.BoundsBody;
import dev.weft.catalog.rollout.judge.CriteriaReader;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.judge.RolledVersionBody;
import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a POST that starts a shadow. */
@Schema(
        name = "ShadowRequest",
        description = "Which candidate gets copies of which alias's requests, and how many",
        requiredProperties = {"alias", "to"})
record ShadowRequestBody(
        @Schema(description = "Name of the alias, which leads to one version", example = "prod")
                String alias,
        @Schema(description = "The candidate") RolledVersionBody to,
        @Schema(
                        description =
                                "The part of the alias's requests that is copied, above 0, 1 at"
                                        + " most; 0.05 if left out",
                        example = "0.1")
                @Nullable Double share,
        @Schema(
                        description =
                                "Tokens that all copies may use, of prompts and answers, 1 to"
                                        + " 1000000000000; 1000000 if left out",
                        example = "1000000")
                @Nullable Long maxTokens,
        @Schema(
                        description =
                                "Copies that each gateway may have under way, 1 to 64; 2 if left"
                                        + " out",
                        example = "2")
                @Nullable Integer concurrent,
        @Schema(description = "How long it lasts, 1s to 720h; 1h if left out", example = "1h")
                @Nullable String time,
        @Schema(
                        description =
                                "What is compared, without scores; errorRate 0.01, firstToken and"
                                        + " timePerToken 1.25 if left out")
                @Nullable BoundsBody bounds,
        @Schema(
                        description =
                                "Of the times that are compared, 0.5 to 0.99; 0.9 if left out",
                        example = "0.9")
                @Nullable Double quantile,
        @Schema(
                        description =
                                "The chance that a candidate which is within the bounds is found"
                                        + " worse all the same; 0.000001 to 0.2, 0.01 if left out",
                        example = "0.01")
                @Nullable Double alpha,
        @Schema(
                        description =
                                "Requests of each version, and streams if their times are compared,"
                                        + " without which nothing is said for the candidate; 1 to"
                                        + " 1000000, 200 if left out",
                        example = "200")
                @Nullable Integer minRequests) {
    static final String PLAIN =
            """
            {"alias": "support", "to": {"adapter": "team/json", "version": 1}, "share": 0.1,
             "maxTokens": 2000000, "concurrent": 4, "time": "6h",
             "bounds": {"errorRate": 0.01, "firstToken": 1.5}}\
            """;

    private static final List<Bound> MEASURED =
            List.of(Bound.errorRate, Bound.firstToken, Bound.timePerToken);
    private static final double SHARE = 0.05;
    private static final long TOKENS = 1_000_000;
    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final int CONCURRENT = 2;
    private static final int MOST_CONCURRENT = 64;
    private static final long SECONDS = 3_600;

    /** A request, read from the body. */
    record Request(String alias, RolledVersion to, ShadowPlan plan) {}

    static Request read(byte @Nullable [] bytes) {
        JsonBody body =
                new JsonBody(
                        bytes,
                        "alias",
                        "to",
                        "share",
                        "maxTokens",
                        "concurrent",
                        "time",
                        "bounds",
                        "quantile",
                        "alpha",
                        "minRequests");
        String alias = body.text("alias", true, AdapterId.NAME_RULE, AdapterId::isName).orElse("");
        RolledVersion to = RolledVersionBody.read(body, "to");
        double share = share(body);
        long tokens = whole(body, "maxTokens", MOST_TOKENS, TOKENS);
        int concurrent = (int) whole(body, "concurrent", MOST_CONCURRENT, CONCURRENT);
        JsonNode time = body.field("time");
        long seconds = isLeftOut(time) ? SECONDS : CriteriaReader.seconds(body, "time", time);
        var criteria = new CriteriaReader(body, MEASURED);
        Map<Bound, Double> bounds = criteria.bounds();
        double quantile = criteria.quantile();
        double alpha = criteria.alpha();
        int requests = criteria.observations("minRequests", 200);
        body.check();
        return new Request(
                alias,
                to,
                new ShadowPlan(
                        new ShadowPlan.Copying(share, concurrent, tokens, seconds),
                        new ShadowPlan.Judging(bounds, quantile, alpha, requests)));
    }

    private static double share(JsonBody body) {
        JsonNode found = body.field("share");
        if (isLeftOut(found)) {
            return SHARE;
        }
        double share = JsonBody.number(found);
        if (!(share > 0 && share <= 1)) {
            body.fault("share", found, "above 0, 1 at most");
            return SHARE;
        }
        return share;
    }

    private static long whole(JsonBody body, String field, long most, long otherwise) {
        JsonNode found = body.field(field);
        if (isLeftOut(found)) {
            return otherwise;
        }
        if (!found.canConvertToLong()
                || !found.isIntegralNumber()
                || found.asLong() < 1
                || found.asLong() > most) {
            body.fault(field, found, "1 to " + most);
            return otherwise;
        }
        return found.asLong();
    }

    private static boolean isLeftOut(JsonNode found) {
        return found.isMissingNode() || found.isNull();
    }
}
