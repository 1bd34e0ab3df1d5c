package dev.weft.catalog.fetch;

import dev.weft.source.fetch.FetchListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the progress of a download, at most every two seconds. */
public final class ProgressLog implements FetchListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final String what;
    private final LongSupplier nanos;
    private long last;

    /**
     * Has logged nothing yet.
     *
     * @param what for the log
     * @param nanos a time in nanoseconds, of which only differences count
     */
    public ProgressLog(String what, LongSupplier nanos) {
        this.what = what;
        this.nanos = nanos;
        this.last = nanos.getAsLong();
    }

    @Override
    public synchronized void progress(Progress progress) {
        long now = nanos.getAsLong();
        if (now - last < PAUSE.toNanos()) {
            return;
        }
        last = now;
        LOG.info(
                "{}: {} ({} of {}): {} of {}",
                what,
                progress.file(),
                progress.fileNumber(),
                progress.files(),
                mebibytes(progress.fileBytes()),
                progress.fileTotal() < 0 ? "?" : mebibytes(progress.fileTotal()));
    }

    public static String mebibytes(long bytes) {
        return "%.1f MiB".formatted(bytes / 1048576.0);
    }
}
