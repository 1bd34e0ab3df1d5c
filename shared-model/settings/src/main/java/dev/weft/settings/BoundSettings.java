package dev.weft.settings;

import java.nio.file.Path;
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
    private final Path folder;

    private BoundSettings(Map<Class<?>, Record> records, Path folder) {
        this.records = Collections.unmodifiableMap(records);
        this.folder = folder;
    }

    /**
     * These records, each of a type of its own.
     *
     * @param folder from which their relative files started, absolute
     */
    public static BoundSettings of(List<? extends Record> records, Path folder) {
        Map<Class<?>, Record> byType = new LinkedHashMap<>();
        records.forEach(record -> byType.put(record.getClass(), record));
        return new BoundSettings(byType, folder);
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
        return new BoundSettings(copy, folder);
    }

    /** The folder from which relative files start: that of the deployment file. */
    public Path folder() {
        return folder;
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
