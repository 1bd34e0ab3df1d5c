package dev.weft.catalog.version;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A version that a name leads to. */
@Schema(
        name = "Target",
        description = "A version that a name leads to",
        requiredProperties = {"adapter", "version"})
public record AliasTargetBody(
        @Schema(description = "Name of the adapter", example = "sql") String adapter,
        @Schema(description = "Number of its version", example = "2") int version,
        @Schema(
                        description =
                                "Its part of the requests, relative to the other targets, 1 to"
                                        + " 1000000; 1 if left out",
                        example = "90")
                int weight) {
    public static List<AliasTargetBody> of(List<AliasTarget> targets) {
        return targets.stream()
                .map(t -> new AliasTargetBody(t.adapter(), t.version(), t.weight()))
                .toList();
    }
}
