package dev.weft.settings.text;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;

/**
 * Sizes as deployment files spell them: bytes, or a number with a unit. KB, MB and GB are powers of
 * 1000, as for storage, although {@link DataSize#parse} takes them for powers of 1024; KiB, MiB,
 * GiB and TiB are the powers of 1024.
 */
public final class Sizes {
    /** The units that there are. */
    public static final String ALLOWED = "in bytes or with KiB, MiB, GiB, KB, MB, GB";

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Map<String, Long> UNITS =
            Map.ofEntries(
                    Map.entry("", 1L),
                    Map.entry("kb", 1_000L),
                    Map.entry("mb", 1_000_000L),
                    Map.entry("gb", 1_000_000_000L),
                    Map.entry("ki", 1L << 10),
                    Map.entry("kib", 1L << 10),
                    Map.entry("mi", 1L << 20),
                    Map.entry("mib", 1L << 20),
                    Map.entry("gi", 1L << 30),
                    Map.entry("gib", 1L << 30),
                    Map.entry("tib", 1L << 40));

    private Sizes() {}

    /**
     * Reads a size.
     *
     * @throws NotAllowedException if the text is not a size
     */
    public static DataSize parse(String text) {
        var parts = QUANTITY.matcher(text.strip());
        Long unit = parts.matches() ? UNITS.get(parts.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new NotAllowedException(text, "a size " + ALLOWED);
        }
        try {
            return DataSize.ofBytes(Math.multiplyExact(Long.parseLong(parts.group(1)), unit));
        } catch (ArithmeticException _) {
            throw new NotAllowedException(text, "a size " + ALLOWED);
        }
    }

    /**
     * Writes it in the largest unit of which it is a whole number: a text, or a number of bytes.
     */
    public static Object plain(DataSize size) {
        long bytes = size.toBytes();
        if (bytes == 0 || bytes % (1 << 10) != 0) {
            return bytes;
        }
        if (bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }
}
