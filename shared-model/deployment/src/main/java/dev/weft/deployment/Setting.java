package dev.weft.deployment;

import dev.weft.deployment.document.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of the effective deployment.
 *
 * @param value in the words of JSON; null if there is none
 * @param note says what applies instead of a value
 * @param used false for a key of the file that Weft keeps but has no use for
 */
record Setting(
        List<String> path,
        @Nullable Object value,
        @Nullable String note,
        Origin origin,
        boolean used) {
    String name() {
        return String.join(".", path);
    }
}
