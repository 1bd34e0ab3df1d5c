package dev.weft.catalog.fetch;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.nio.file.Path;

/** Brings repositories here, as {@link dev.weft.source.Repositories} does. Blocking. */
public interface RepositoryAccess {
    Fetched fetch(RepositoryRef ref, FileSelection wanted, Path target, FetchListener progress)
            throws SourceException;
}
