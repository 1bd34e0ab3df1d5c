package dev.weft.source.download;

import dev.weft.source.fetch.FetchListener;

/** Reports the bytes of one fetch to a listener, a few times a second and at each file's end. */
public final class ProgressMeter {
    private static final long EVERY_NANOS = 200_000_000;

    private final FetchListener listener;
    private final int files;
    private final long total;
    private String file = "";
    private int number;
    private long before;
    private long next = System.nanoTime();

    /**
     * @param total bytes of all files, -1 if not known
     */
    public ProgressMeter(FetchListener listener, int files, long total) {
        this.listener = listener;
        this.files = files;
        this.total = total;
    }

    /** Begins the next file. */
    public void file(String name) {
        file = name;
        number++;
    }

    /** Bytes of the files before the one in progress. */
    long before() {
        return before;
    }

    /** Notes that the file in progress is complete. */
    void done(long bytes) {
        before += bytes;
    }

    void at(long bytes, long fileTotal) {
        long now = System.nanoTime();
        if (now - next >= 0 || bytes == fileTotal) {
            next = now + EVERY_NANOS;
            // If the listing gave no total, it is known once the last file's size is.
            boolean last = number == files && fileTotal >= 0;
            long all = total < 0 && last ? before + fileTotal : total;
            listener.progress(
                    new FetchListener.Progress(
                            file, number, files, bytes, fileTotal, before + bytes, all));
        }
    }
}
