package dev.weft.catalog.artifact;

/**
 * A file of an artifact.
 *
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ArtifactFile(String name, long size, String sha256) {}
