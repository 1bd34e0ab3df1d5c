package dev.weft.settings.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;

/**
 * One fault of settings.
 *
 * @param path of the key as a file spells it
 * @param origin of the value; null if nobody gave one
 * @param message the value there and the allowed ones
 */
public record SettingFault(List<String> path, @Nullable Origin origin, String message) {
    public SettingFault {
        path = List.copyOf(path);
    }
}
