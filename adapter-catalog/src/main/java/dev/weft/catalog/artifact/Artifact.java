package dev.weft.catalog.artifact;

import dev.weft.model.adapter.AdapterDigest;
import java.util.List;

/** A canonical adapter as it is stored. */
public record Artifact(AdapterDigest digest, List<ArtifactFile> files) {
    public Artifact {
        files = List.copyOf(files);
    }

    /** Bytes of all files. */
    public long size() {
        return files.stream().mapToLong(ArtifactFile::size).sum();
    }
}
