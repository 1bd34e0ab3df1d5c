package dev.weft.catalog.rollout.judge;

import io.swagger.v3.oas.annotations.media.Schema;

/** A version of a rollout. */
@Schema(
        name = "RolledVersion",
        description = "A version that an alias is rolled from or to",
        requiredProperties = {"adapter", "version"})
public record VersionBody(
        @Schema(description = "Name of the adapter", example = "sql") String adapter,
        @Schema(description = "Number of its version", example = "2") int version) {
    public static VersionBody of(RolledVersion version) {
        return new VersionBody(version.adapter(), version.version());
    }
}
