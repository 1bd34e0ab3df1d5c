package dev.weft.catalog.rollout.shadow;

import dev.weft.protocol.shadow.Likeness;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How alike the answers of both versions are. */
@Schema(
        name = "ShadowLikeness",
        description = "How alike the answers of both versions to the same requests are",
        requiredProperties = {
            "pairs",
            "fromTokens",
            "toTokens",
            "sameFinish",
            "greedy",
            "sameText",
            "commonPrefix"
        })
record LikenessBody(
        @Schema(description = "Requests that both versions answered", example = "812") long pairs,
        @Schema(
                        types = {"number", "null"},
                        description = "Tokens of an answer of the served version, in the mean",
                        example = "96.4")
                @Nullable Double fromTokens,
        @Schema(
                        types = {"number", "null"},
                        description = "The same of the candidate",
                        example = "101.2")
                @Nullable Double toTokens,
        @Schema(
                        types = {"number", "null"},
                        description = "The part of the pairs that ended for the same reason",
                        example = "0.97")
                @Nullable Double sameFinish,
        @Schema(description = "Pairs with temperature 0, whose texts were compared", example = "40")
                long greedy,
        @Schema(
                        types = {"number", "null"},
                        description = "The part of these with the same text",
                        example = "0.6")
                @Nullable Double sameText,
        @Schema(
                        types = {"number", "null"},
                        description =
                                "The part of the longer text with which both begin, in the mean",
                        example = "0.83")
                @Nullable Double commonPrefix) {
    static LikenessBody of(Likeness likeness) {
        long pairs = likeness.pairs();
        long greedy = likeness.greedy();
        return new LikenessBody(
                pairs,
                part((double) likeness.served(), pairs),
                part((double) likeness.candidate(), pairs),
                part((double) likeness.sameFinish(), pairs),
                greedy,
                part((double) likeness.sameText(), greedy),
                part(likeness.prefix(), greedy));
    }

    private static @Nullable Double part(double sum, long count) {
        return count == 0 ? null : sum / (double) count;
    }
}
