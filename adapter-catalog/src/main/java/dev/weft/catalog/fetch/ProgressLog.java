package dev.weft.catalog.fetch;

import dev.weft.source.fetch.FetchListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the progress of a download, at most every two seconds. */
public final class ProgressLog implements FetchListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final String what;
    private final Clock clock;
    private Instant next;

    public ProgressLog(String what, Clock clock) {
        this.what = what;
        this.clock = clock;
        this.next = clock.instant().plus(PAUSE);
    }

    @Override
    public synchronized void progress(Progress progress) {
        if (clock.instant().isBefore(next)) {
            return;
        }
        next = clock.instant().plus(PAUSE);
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
