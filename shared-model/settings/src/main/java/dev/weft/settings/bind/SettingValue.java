package dev.weft.settings.bind;

import dev.weft.settings.key.RecordShape;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A setting and its value.
 *
 * @param key with the names that a file gives
 * @param value null if there is none
 */
public record SettingValue(SettingKey key, @Nullable Object value) {
    /** All values of a record, in the order of its components. */
    public static List<SettingValue> of(SettingKeys keys, Object record) {
        var values = new ArrayList<SettingValue>();
        walk(keys, record, RecordShape.prefix(record.getClass()), values);
        return values;
    }

    private static void walk(
            SettingKeys keys, Object record, List<String> path, List<SettingValue> values) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        List<Parameter> parameters = RecordShape.parameters(record.getClass());
        for (int i = 0; i < components.length; i++) {
            List<String> below =
                    SettingKeys.below(path, RecordShape.name(components[i], parameters.get(i)));
            Object value = RecordCheck.value(record, components[i]);
            if (value != null && RecordShape.isSection(components[i].getType())) {
                walk(keys, value, below, values);
            } else if (value instanceof Map<?, ?> entries) {
                entries.forEach((name, entry) -> {
                    var at = new ArrayList<>(below);
                    at.add(String.valueOf(name));
                    walk(keys, entry, at, values);
                });
            } else {
                keys.at(below).ifPresent(key -> values.add(new SettingValue(key, value)));
            }
        }
    }
}
