package dev.weft.deployment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that Weft reads. Reading, faults, {@code config show} and docs/configuration.md all follow
 * from these.
 *
 * @param path segments; {@code *} stands for the name of an adapter
 * @param defaultValue null where there is none
 * @param defaultNote what applies without a value, in words, where no single value says it
 * @param documentation one sentence
 */
record Key<T>(
        List<String> path,
        KeyType<T> type,
        @Nullable T defaultValue,
        @Nullable String defaultNote,
        String documentation) {
    static final String ANY = "*";

    Key {
        path = List.copyOf(path);
    }

    static <T> Key<T> of(String path, KeyType<T> type, T defaultValue, String documentation) {
        return new Key<>(List.of(path.split("\\.")), type, defaultValue, null, documentation);
    }

    static <T> Key<T> noDefault(String path, KeyType<T> type, String note, String documentation) {
        return new Key<>(List.of(path.split("\\.")), type, null, note, documentation);
    }

    /** This key of one adapter. */
    Key<T> of(String adapter) {
        var concrete = new ArrayList<>(path);
        concrete.replaceAll(segment -> segment.equals(ANY) ? adapter : segment);
        return new Key<>(concrete, type, defaultValue, defaultNote, documentation);
    }

    String name() {
        return String.join(".", path);
    }

    /** The default as people read it. */
    String defaultText() {
        return defaultValue == null
                ? String.valueOf(defaultNote)
                : ConfigText.of(type.plain(defaultValue));
    }
}
