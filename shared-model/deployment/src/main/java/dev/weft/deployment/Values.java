package dev.weft.deployment;

import dev.weft.deployment.KeyType.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads keys from a document and writes down each value with its origin, and each fault. */
final class Values {
    private final YamlNode.Fields root;
    private final List<DeploymentFault> faults;
    private final List<Setting> settings = new ArrayList<>();

    Values(YamlNode.Fields root, List<DeploymentFault> faults) {
        this.root = root;
        this.faults = faults;
    }

    List<Setting> settings() {
        return settings;
    }

    void add(Setting setting) {
        settings.add(setting);
    }

    /** The value of a key with a default; the default too where the value is a fault. */
    <T> T get(Key<T> key) {
        return find(key, key.defaultValue())
                .orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
    }

    /** The value, else {@code fallback}; empty where there is neither. */
    <T> Optional<T> find(Key<T> key, @Nullable T fallback) {
        YamlNode node = node(key.path());
        Optional<T> value = node == null ? Optional.empty() : read(key, node);
        Origin origin = node == null ? new Origin.Default() : node.origin();
        T effective = value.orElse(fallback);
        settings.add(
                new Setting(
                        key.path(),
                        effective == null ? null : key.type().plain(effective),
                        key.defaultNote(),
                        origin,
                        true));
        return Optional.ofNullable(effective);
    }

    /** The value where one is given; nothing is written down where none is. */
    <T> Optional<T> given(Key<T> key) {
        return node(key.path()) == null ? Optional.empty() : find(key, null);
    }

    /** Lets a key have the value, and the origin, of another one that means the same. */
    <T> void replace(Key<T> key, T value, Key<T> other) {
        YamlNode node = node(other.path());
        Origin origin = node == null ? new Origin.Default() : node.origin();
        settings.replaceAll(setting ->
                setting.path().equals(key.path())
                        ? new Setting(key.path(), key.type().plain(value), null, origin, true)
                        : setting);
    }

    private <T> Optional<T> read(Key<T> key, YamlNode node) {
        try {
            return Optional.of(key.type().read(node));
        } catch (InvalidValueException e) {
            faults.add(new DeploymentFault(key.name(), node.origin(), e.reason()));
            return Optional.empty();
        }
    }

    /** What stands at a path; null where nothing does or it is empty. */
    @Nullable YamlNode node(List<String> path) {
        YamlNode node = root.at(path);
        return node instanceof YamlNode.Scalar scalar && scalar.isNull() ? null : node;
    }

    void fault(Key<?> key, String message) {
        fault(key.path(), message);
    }

    /** Notes a fault at a path, or at the nearest thing above it that is there. */
    void fault(List<String> path, String message) {
        Origin origin = root.origin();
        for (int size = path.size(); size > 0; size--) {
            YamlNode node = root.at(path.subList(0, size));
            if (node != null) {
                origin = node.origin();
                break;
            }
        }
        faults.add(new DeploymentFault(String.join(".", path), origin, message));
    }
}
