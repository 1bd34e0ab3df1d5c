package dev.weft.catalog.ingest;

import dev.weft.model.repository.RepositoryRef;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings repositories here. Blocking; ends soon after an interrupt. */
interface RepositoryAccess {
    /** Which files of a repository are wanted. */
    enum Wanted {
        /** An adapter: its configuration, weights, chat template and special tokens. */
        ADAPTER,
        /** The base's config.json. */
        BASE_CONFIG
    }

    /** Bytes so far and in all; in all is 0 where unknown. */
    interface Progress {
        void at(long bytes, long total);
    }

    /**
     * What was fetched.
     *
     * @param folder where the files lie: the target, or the repository itself where it is a folder
     * @param resolvedRevision the commit; null where the source has none
     * @param files names of the wanted files, and of pickle files that were left where they are
     */
    record Download(Path folder, @Nullable String resolvedRevision, List<String> files) {
        public Download {
            files = List.copyOf(files);
        }
    }

    Download fetch(RepositoryRef ref, Wanted wanted, Path target, Progress progress)
            throws FetchException, InterruptedException;
}
