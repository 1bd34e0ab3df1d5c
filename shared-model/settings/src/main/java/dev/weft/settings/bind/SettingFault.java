package dev.weft.settings.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;

/**
 * One thing that is wrong with settings.
 *
 * @param path of the key as a file spells it
 * @param origin of the value; null where nobody gave one
 * @param message what stands there and what is allowed
 */
public record SettingFault(List<String> path, @Nullable Origin origin, String message) {
    public SettingFault {
        path = List.copyOf(path);
    }
}
