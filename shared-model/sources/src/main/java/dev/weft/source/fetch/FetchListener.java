package dev.weft.source.fetch;

/** Hears how far a fetch is; called on the fetching thread, a few times a second at most. */
public interface FetchListener {
    /** Hears nothing. */
    FetchListener NONE = _ -> {};

    void progress(Progress progress);

    /**
     * Where a fetch stands.
     *
     * @param file the file in progress
     * @param fileNumber which of the files it is, from 1
     * @param files how many are wanted
     * @param fileBytes bytes of the file that are here
     * @param fileTotal size of the file, -1 where the source has not said it
     * @param bytes bytes of all files that are here
     * @param total bytes of all files, -1 where the source has not said it
     */
    record Progress(
            String file,
            int fileNumber,
            int files,
            long fileBytes,
            long fileTotal,
            long bytes,
            long total) {}
}
