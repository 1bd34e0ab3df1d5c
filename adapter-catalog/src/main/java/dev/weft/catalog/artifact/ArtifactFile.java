package dev.weft.catalog.artifact;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A file of an artifact.
 *
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
@Schema(
        description = "A file of an artifact",
        requiredProperties = {"name", "size", "sha256"})
public record ArtifactFile(
        @Schema(description = "Its name") String name,
        @Schema(description = "In bytes") long size,
        @Schema(description = "64 lower-case hexadecimal digits") String sha256) {}
