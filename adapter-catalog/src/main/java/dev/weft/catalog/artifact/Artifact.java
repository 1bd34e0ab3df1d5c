package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A canonical adapter as it is stored.
 *
 * @param files the content of the digest, and all that a worker needs
 * @param arrays the same adapter as TensorRT-LLM's two arrays; empty if the files are these arrays,
 *     or if the engine's type can't hold its values
 */
public record Artifact(AdapterDigest digest, List<ArtifactFile> files, List<ArtifactFile> arrays) {
    public Artifact {
        files = List.copyOf(files);
        arrays = List.copyOf(arrays);
    }

    /** Bytes of all files. */
    public long size() {
        return all().mapToLong(ArtifactFile::size).sum();
    }

    /** Files and arrays. */
    public Stream<ArtifactFile> all() {
        return Stream.concat(files.stream(), arrays.stream());
    }

    Optional<ArtifactFile> file(String name) {
        return all().filter(file -> file.name().equals(name)).findFirst();
    }
}
