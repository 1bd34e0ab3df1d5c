package dev.weft.standalone.adapters.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far the fetch of a version is, as the admin API shows it.
 *
 * @param bytesTotal of all files; null until the source has said it
 * @param file the one in progress
 */
public record FetchProgress(long bytesDone, @Nullable Long bytesTotal, String file) {
    /** Whole percent, 100 only at the end; null while the total is unknown. */
    public @Nullable Integer percent() {
        return bytesTotal == null || bytesTotal == 0 ? null : (int) (100 * bytesDone / bytesTotal);
    }

    /** E.g. {@code 43 % (12.0 of 28.1 MiB), adapter_model.safetensors}. */
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
