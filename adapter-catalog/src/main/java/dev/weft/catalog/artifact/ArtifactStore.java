package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Artifacts by digest. An artifact is complete or absent, and never changes. Calls block. Safe for
 * any thread and for several processes on one store.
 */
public interface ArtifactStore {
    /**
     * Stores files under the digest. If complete files are stored already, they are kept, and count
     * as new for {@link #list}.
     */
    Artifact put(AdapterDigest digest, Contents contents) throws IOException;

    /** The artifact of the digest; empty if there is none. */
    Optional<Artifact> find(AdapterDigest digest) throws IOException;

    /** A file of an artifact; empty if the artifact has none of that name. */
    Optional<Path> file(AdapterDigest digest, String name) throws IOException;

    /** All artifacts, with the time of their last put. */
    List<Kept> list() throws IOException;

    /**
     * Removes an artifact that nobody needs. The artifact is hidden first, and {@code unneeded} is
     * asked again. So whoever says that he needs it, and then finds it, can rely on it.
     *
     * @param unneeded whether nobody needs it; asked while it is hidden
     * @return false if somebody needs it; then it is there as before
     */
    boolean remove(AdapterDigest digest, BooleanSupplier unneeded) throws IOException;
}
