package dev.weft.protocol.residency;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The place in which a worker holds an adapter, the fastest first. */
public enum Tier {
    /** It is in a slot of the engine: requests use it at once. */
    SLOT,
    /** It is in host memory, ready to come back into a slot. */
    HOST,
    /** It is on disk, checked. */
    DISK;

    /** The word in lower case, as it is sent. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The tier with that word. */
    public static Tier of(String word) {
        return Arrays.stream(values())
                .filter(tier -> tier.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "tier '"
                                        + word
                                        + "': allowed are "
                                        + Arrays.stream(values())
                                                .map(Tier::word)
                                                .collect(Collectors.joining(", "))));
    }
}
