package dev.weft.settings;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.SingletonBeanRegistry;

/** Records of settings by their type. Immutable. */
public final class BoundSettings {
    private final Map<Class<?>, Record> records;

    private BoundSettings(Map<Class<?>, Record> records) {
        this.records = Collections.unmodifiableMap(records);
    }

    /** These records, each of a type of its own. */
    public static BoundSettings of(List<? extends Record> records) {
        Map<Class<?>, Record> byType = new LinkedHashMap<>();
        records.forEach(record -> byType.put(record.getClass(), record));
        return new BoundSettings(byType);
    }

    /**
     * The record of that type.
     *
     * @throws IllegalArgumentException if there is none
     */
    public <T extends Record> T get(Class<T> type) {
        Record record = records.get(type);
        if (record == null) {
            throw new IllegalArgumentException("no " + type.getSimpleName() + " was read");
        }
        return type.cast(record);
    }

    /** Returns these settings with another record in place of the one of its type. */
    public BoundSettings with(Record changed) {
        Map<Class<?>, Record> copy = new LinkedHashMap<>(records);
        copy.put(changed.getClass(), changed);
        return new BoundSettings(copy);
    }

    /** All records. */
    public Collection<Record> all() {
        return records.values();
    }

    /** Makes a bean of each record, by the name of its type. */
    public void registerIn(SingletonBeanRegistry beans) {
        records.forEach((type, record) -> beans.registerSingleton(type.getName(), record));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BoundSettings settings && settings.records.equals(records);
    }

    @Override
    public int hashCode() {
        return records.hashCode();
    }

    @Override
    public String toString() {
        return records.values().toString();
    }
}
