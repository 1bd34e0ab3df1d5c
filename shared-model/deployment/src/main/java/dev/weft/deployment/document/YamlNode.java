package dev.weft.deployment.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a YAML document with its place; immutable. */
public sealed interface YamlNode {
    Origin origin();

    /** The kind of node, for messages. */
    String kind();

    /** The value in the words of JSON: maps, lists, text, numbers, booleans, null. */
    @Nullable Object plain();

    /**
     * A single value.
     *
     * @param text as written, without quotes
     * @param value its value by YAML 1.2: text, a number, a boolean or null
     */
    record Scalar(String text, @Nullable Object value, Origin origin) implements YamlNode {
        /** True if it is empty. */
        public boolean isNull() {
            return value == null;
        }

        @Override
        public String kind() {
            return value == null ? "empty" : "'" + text + "'";
        }

        @Override
        public @Nullable Object plain() {
            return value;
        }
    }

    /** A list. */
    record Items(List<YamlNode> items, Origin origin) implements YamlNode {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public List<@Nullable Object> plain() {
            return items.stream().<@Nullable Object>map(YamlNode::plain).toList();
        }
    }

    /** A mapping, in the order of the file. */
    record Fields(Map<String, YamlNode> fields, Origin origin) implements YamlNode {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public Map<String, @Nullable Object> plain() {
            var all = new LinkedHashMap<String, @Nullable Object>();
            fields.forEach((key, node) -> all.put(key, node.plain()));
            return all;
        }

        /** The node at a path below this mapping; null if there is none. */
        public @Nullable YamlNode at(List<String> path) {
            YamlNode here = this;
            for (String segment : path) {
                if (!(here instanceof Fields(Map<String, YamlNode> below, Origin _))) {
                    return null;
                }
                YamlNode next = below.get(segment);
                if (next == null) {
                    return null;
                }
                here = next;
            }
            return here;
        }

        /**
         * A copy with {@code value} at a path; a node on the way that is not a mapping is replaced
         * by one.
         */
        public Fields with(List<String> path, YamlNode value) {
            var copy = new LinkedHashMap<>(fields);
            String first = path.getFirst();
            if (path.size() == 1) {
                copy.put(first, value);
            } else {
                Fields below =
                        fields.get(first) instanceof Fields known
                                ? known
                                : new Fields(Map.of(), value.origin());
                copy.put(first, below.with(path.subList(1, path.size()), value));
            }
            return new Fields(copy, origin);
        }
    }
}
