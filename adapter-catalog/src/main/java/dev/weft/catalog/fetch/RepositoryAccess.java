package dev.weft.catalog.fetch;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.nio.file.Path;

/** Fetches repositories, as {@link dev.weft.source.Repositories} does. Calls block. */
public interface RepositoryAccess {
    Fetched fetch(RepositoryRef ref, FileSelection wanted, Path target, FetchListener progress)
            throws SourceException;
}
