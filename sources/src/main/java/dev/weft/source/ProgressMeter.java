package dev.weft.source;

/** Tells a listener of one file's bytes, a few times a second and at its end. */
final class ProgressMeter {
    private static final long EVERY_NANOS = 200_000_000;

    private final FetchListener listener;
    private final String file;
    private final int number;
    private final int files;
    private final long before;
    private long next;

    ProgressMeter(FetchListener listener, String file, int number, int files, long before) {
        this.listener = listener;
        this.file = file;
        this.number = number;
        this.files = files;
        this.before = before;
        this.next = System.nanoTime();
    }

    void at(long bytes, long total) {
        long now = System.nanoTime();
        if (now - next >= 0 || bytes == total) {
            next = now + EVERY_NANOS;
            listener.progress(
                    new FetchListener.Progress(file, number, files, bytes, total, before + bytes));
        }
    }
}
