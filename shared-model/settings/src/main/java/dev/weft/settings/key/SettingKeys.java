package dev.weft.settings.key;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings that records declare, in the order of the records and sections. Keys below {@code
 * weft} are spelled in kebab case, the others as Truss does, in snake case.
 */
public final class SettingKeys {
    private static final String ROOT = "weft";

    private final List<SettingKey> keys;
    private final Set<List<String>> sections = new LinkedHashSet<>();

    private SettingKeys(List<SettingKey> keys) {
        this.keys = List.copyOf(keys);
        for (SettingKey key : keys) {
            for (int size = 1; size < key.path().size(); size++) {
                sections.add(key.path().subList(0, size));
            }
        }
    }

    /**
     * The keys of records with {@link ConfigurationProperties}, or of those that describe whole
     * files. Those below {@code weft} come by section, which several records may share.
     */
    public static SettingKeys of(List<? extends Class<?>> records) {
        var keys = new ArrayList<SettingKey>();
        for (Class<?> record : records) {
            walk(record, RecordShape.prefix(record), keys);
        }
        keys.sort(Comparator.comparing(SettingKeys::section));
        return new SettingKeys(keys);
    }

    private static String section(SettingKey key) {
        List<String> path = key.path();
        return path.getFirst().equals(ROOT)
                ? String.join(".", path.subList(0, path.size() - 1))
                : "";
    }

    private static void walk(Class<?> record, List<String> path, List<SettingKey> keys) {
        for (RecordShape.Part part : RecordShape.parts(record)) {
            List<String> below = below(path, part.name());
            Class<?> type = part.component().getType();
            if (RecordShape.isSection(type)) {
                walk(type, below, keys);
            } else if (Map.class.isAssignableFrom(type)) {
                Class<?> entry = RecordShape.argument(part.component(), 1);
                walk(entry, below(below, SettingKey.ANY), keys);
            } else {
                keys.add(new SettingKey(below, record, part.component(), part.parameter()));
            }
        }
    }

    /** The path of a setting in a section, in the spelling of files. */
    public static List<String> below(List<String> path, String name) {
        var below = new ArrayList<>(path);
        String root = path.isEmpty() ? name : path.getFirst();
        below.add(root.equals(ROOT) ? name : name.replace('-', '_'));
        return below;
    }

    /** All keys. */
    public List<SettingKey> all() {
        return keys;
    }

    /** The key at a path, with the names of the path; empty if there is none. */
    public Optional<SettingKey> at(List<String> path) {
        return keys.stream()
                .filter(key -> matches(key.path(), path))
                .findFirst()
                .map(key -> key.of(names(key.path(), path)));
    }

    private static List<String> names(List<String> pattern, List<String> path) {
        var names = new ArrayList<String>();
        for (int i = 0; i < path.size(); i++) {
            if (pattern.get(i).equals(SettingKey.ANY)) {
                names.add(path.get(i));
            }
        }
        return names;
    }

    /** Whether the value at a path is never shown, or may belong to such a key below it. */
    public boolean hides(List<String> path) {
        return keys.stream()
                .filter(SettingKey::isHidden)
                .map(SettingKey::path)
                .filter(key -> key.size() >= path.size())
                .anyMatch(key -> matches(key.subList(0, path.size()), path));
    }

    /** True for a path that holds keys, e.g. {@code trt_llm.build}. */
    public boolean isSection(List<String> path) {
        return sections.stream().anyMatch(section -> matches(section, path));
    }

    /** True for a path that holds names from the file, e.g. {@code trt_llm.build.lora_adapters}. */
    public boolean isMap(List<String> path) {
        var entry = new ArrayList<>(path);
        entry.add(SettingKey.ANY);
        return sections.contains(entry);
    }

    /** The names that may stand in a section. */
    public List<String> children(List<String> section) {
        return paths().filter(path -> path.size() == section.size() + 1)
                .filter(path -> matches(path.subList(0, section.size()), section))
                .map(List::getLast)
                .distinct()
                .toList();
    }

    /** What may stand at the path of a section. */
    public String allowedIn(List<String> section) {
        if (!isMap(section)) {
            return "a mapping with " + String.join(", ", children(section));
        }
        List<String> entry = new ArrayList<>(section);
        entry.add(SettingKey.ANY);
        return "a mapping of names to {" + String.join(", ", children(entry)) + "}";
    }

    /** The paths of keys and of sections. */
    Stream<List<String>> paths() {
        return Stream.concat(keys.stream().map(SettingKey::path), sections.stream());
    }

    private static boolean matches(List<String> pattern, List<String> path) {
        if (pattern.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!pattern.get(i).equals(SettingKey.ANY) && !pattern.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }
}
