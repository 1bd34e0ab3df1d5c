package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.Budget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dict in insertion order; keys compare as Python's do ({@code 1}, {@code 1.0} and True). */
public final class DictValue implements Value {
    /** A key as it was written, and its value. */
    public record Entry(Value key, Value value) {}

    /** Bytes of an entry, its key without the text, and its places in tables. */
    private static final int ENTRY_BYTES = 160;

    private final Map<HashKey, Entry> entries;

    private DictValue(Map<HashKey, Entry> entries) {
        this.entries = entries;
    }

    /** Collects entries; a repeated key keeps its place and takes the new value. */
    public static final class Builder {
        private final Map<HashKey, Entry> entries = new LinkedHashMap<>();

        public Builder put(Value key, Value value) {
            Budget.bytes(ENTRY_BYTES);
            HashKey hash = Keys.key(key);
            Entry old = entries.get(hash);
            entries.put(hash, new Entry(old == null ? key : old.key, value));
            return this;
        }

        public Builder put(String key, Value value) {
            return put(new Str(key), value);
        }

        public Builder putAll(DictValue other) {
            other.entries().forEach(entry -> put(entry.key, entry.value));
            return this;
        }

        public DictValue build() {
            Budget.steps(entries.size());
            return new DictValue(new LinkedHashMap<>(entries));
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Value of a key; null if there is none. A key that can't be hashed is a TypeError. */
    public @Nullable Value get(Value key) {
        Entry entry = entries.get(Keys.key(key));
        return entry == null ? null : entry.value;
    }

    public @Nullable Value get(String key) {
        Entry entry = entries.get(Keys.text(key));
        return entry == null ? null : entry.value;
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public List<Value> keys() {
        Budget.steps(entries.size());
        List<Value> keys = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> keys.add(entry.key));
        return keys;
    }

    public int size() {
        return entries.size();
    }

    @Override
    public String typeName() {
        return "dict";
    }
}
