package dev.weft.settings.bind;

import dev.weft.settings.key.RecordShape;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import java.util.ArrayList;
import java.util.List;
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
        RecordShape.visit(
                record,
                path,
                new RecordShape.Visitor() {
                    @Override
                    public void section(List<String> below, Object within) {
                        walk(keys, within, below, values);
                    }

                    @Override
                    public void value(List<String> below, @Nullable Object value) {
                        keys.at(below).ifPresent(key -> values.add(new SettingValue(key, value)));
                    }
                });
    }
}
