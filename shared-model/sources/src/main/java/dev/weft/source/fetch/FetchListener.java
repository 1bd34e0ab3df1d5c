package dev.weft.source.fetch;

/**
 * Receives the progress of a fetch; called on the fetching thread, a few times a second at most.
 */
public interface FetchListener {
    /** Ignores the progress. */
    FetchListener NONE = _ -> {};

    void progress(Progress progress);

    /**
     * The progress of a fetch.
     *
     * @param file the file in progress
     * @param fileNumber the number of that file, from 1
     * @param files number of wanted files
     * @param fileBytes bytes of the file that are here
     * @param fileTotal size of the file, -1 if the source has not given it
     * @param bytes bytes of all files that are here
     * @param total bytes of all files, -1 if the source has not given it
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
