package dev.weft.inference.server.residency.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;

/** The source of artifacts: the catalog. */
@FunctionalInterface
public interface ArtifactSource {
    /**
     * Writes the files of an artifact into an empty folder, each as the source describes it.
     * Blocks, for a limited time.
     */
    void download(AdapterDigest digest, Path folder) throws IOException, InterruptedException;
}
