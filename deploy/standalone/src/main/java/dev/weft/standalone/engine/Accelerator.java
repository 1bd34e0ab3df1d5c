package dev.weft.standalone.engine;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Reads {@code resources.accelerator} as Truss writes it: {@code H100}, {@code A10G:2}. */
final class Accelerator {
    private static final long GB = 1_000_000_000L;

    /** The memory of one GPU, from NVIDIA's data sheets. */
    private static final Map<String, Long> MEMORY =
            Map.ofEntries(
                    Map.entry("T4", 16 * GB),
                    Map.entry("V100", 16 * GB),
                    Map.entry("L4", 24 * GB),
                    Map.entry("A10G", 24 * GB),
                    Map.entry("A100_40GB", 40 * GB),
                    Map.entry("H100_40GB", 40 * GB),
                    Map.entry("A100", 80 * GB),
                    Map.entry("H100", 80 * GB),
                    Map.entry("H200", 141 * GB),
                    Map.entry("B200", 180 * GB));

    private Accelerator() {}

    static String kind(String text) {
        return text.split(":", 2)[0].strip();
    }

    /** The number of GPUs; 1 if the text has none. */
    static int count(String text) {
        String[] parts = text.split(":", 2);
        return parts.length == 2 && parts[1].strip().matches("\\d{1,4}")
                ? Integer.parseInt(parts[1].strip())
                : 1;
    }

    /** The memory of one GPU in bytes; empty for an unknown kind. */
    static OptionalLong memory(String text) {
        Long bytes = MEMORY.get(kind(text).toUpperCase(Locale.ROOT).replace('-', '_'));
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
