package dev.weft.settings.bind;

import dev.weft.settings.BoundSettings;
import dev.weft.settings.key.SettingKeys;
import dev.weft.settings.key.SettingRecords;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.MapPropertySource;

/** Makes the settings of a test: all records on the class path, with defaults. */
public final class TestSettings {
    private TestSettings() {}

    /**
     * The settings with these values.
     *
     * @param given each {@code KEY=VALUE}
     */
    public static BoundSettings of(String... given) {
        Map<String, Object> values = new HashMap<>();
        for (String each : given) {
            int equals = each.indexOf('=');
            values.put(each.substring(0, equals), each.substring(equals + 1));
        }
        List<Class<?>> records = SettingRecords.find();
        var binder =
                new SettingsBinder(
                        SettingKeys.of(records),
                        List.of(new MapPropertySource("test", values)),
                        Path.of("").toAbsolutePath());
        BoundSettings settings = binder.read(records);
        if (!binder.faults().isEmpty()) {
            throw new IllegalArgumentException(binder.faults().toString());
        }
        return settings;
    }
}
