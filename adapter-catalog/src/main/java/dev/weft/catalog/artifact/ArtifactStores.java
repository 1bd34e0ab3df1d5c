package dev.weft.catalog.artifact;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.source.object.ObjectStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Opens the artifact store that a deployment names. */
final class ArtifactStores {
    private ArtifactStores() {}

    /**
     * Opens a bucket, or a folder if no bucket is named.
     *
     * @param bucket null for a folder
     * @param folder of this machine, for the artifacts or for copies of them
     * @param copyBytes the most bytes of copies
     */
    static ArtifactStore open(
            @Nullable ObjectAddress bucket,
            ObjectStores buckets,
            Path folder,
            long copyBytes,
            Clock clock)
            throws IOException {
        return bucket == null
                ? new FolderArtifacts(folder, clock)
                : new BucketArtifacts(buckets.open(bucket), folder, copyBytes, clock);
    }
}
