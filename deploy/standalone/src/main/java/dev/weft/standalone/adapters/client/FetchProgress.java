package dev.weft.standalone.adapters.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a version's fetch, as the admin API shows it.
 *
 * @param bytesTotal bytes of all files; null until the source has told it
 * @param file the one in progress
 */
public record FetchProgress(long bytesDone, @Nullable Long bytesTotal, String file) {
    /** The progress in whole percent, 100 only at the end; null while the total is unknown. */
    public @Nullable Integer percent() {
        return bytesTotal == null || bytesTotal == 0 ? null : (int) (100 * bytesDone / bytesTotal);
    }

    /** The progress as text, e.g. {@code 43 % (12.0 of 28.1 MiB), adapter_model.safetensors}. */
    @Override
    public String toString() {
        Integer percent = percent();
        String bytes =
                bytesTotal == null || percent == null
                        ? mebibytes(bytesDone) + " MiB"
                        : "%d %% (%s of %s MiB)"
                                .formatted(percent, mebibytes(bytesDone), mebibytes(bytesTotal));
        return file.isEmpty() ? bytes : bytes + ", " + file;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
    }
}
