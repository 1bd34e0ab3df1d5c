package dev.weft.catalog.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Artifacts by digest. An artifact is there whole or not at all, and never changes. Blocking; safe
 * for any thread and for several processes on one store.
 */
public interface ArtifactStore {
    /**
     * Stores files under the digest. Where they are stored already, the stored ones are kept if
     * they are whole; they count as new for {@link #list}.
     */
    Artifact put(AdapterDigest digest, Contents contents) throws IOException;

    /** What is stored under the digest; empty where nothing is. */
    Optional<Artifact> find(AdapterDigest digest) throws IOException;

    /** A file of an artifact; empty where the artifact has none of that name. */
    Optional<Path> file(AdapterDigest digest, String name) throws IOException;

    /** All that is stored, with when it was put last. */
    List<Kept> list() throws IOException;

    /**
     * Removes an artifact that nobody needs. It is hidden first and the question asked again: who
     * says that he needs it, and then finds it, still finds it.
     *
     * @param unneeded whether nobody needs it; asked while it is hidden
     * @return false where somebody did; then it is there as before
     */
    boolean remove(AdapterDigest digest, BooleanSupplier unneeded) throws IOException;
}
