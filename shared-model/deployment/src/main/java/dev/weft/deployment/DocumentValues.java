package dev.weft.deployment;

import dev.weft.deployment.DeploymentPropertySource.Value;
import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import dev.weft.deployment.document.YamlNode;
import dev.weft.settings.key.KeyNames;
import dev.weft.settings.key.NearestKey;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Takes the values out of a document. An unknown key below {@code weft:} is a fault, since nothing
 * else reads it; elsewhere it belongs to Truss, and is kept.
 */
final class DocumentValues {
    private final SettingKeys keys;
    private final boolean whole;
    private final KeyNames names;
    private final NearestKey nearest;
    private final List<DeploymentFault> faults;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final List<Setting> unknown = new ArrayList<>();

    /**
     * @param whole whether a key below {@code weft:} that isn't known is a fault
     */
    DocumentValues(SettingKeys keys, boolean whole, List<DeploymentFault> faults) {
        this.keys = keys;
        this.whole = whole;
        this.names = new KeyNames(keys);
        this.nearest = new NearestKey(keys);
        this.faults = faults;
    }

    /** The values of the document, by Spring's names. */
    Map<String, Value> values() {
        return values;
    }

    /** The values that Weft has no use for. */
    List<Setting> unknown() {
        return unknown;
    }

    void read(YamlNode.Fields root) {
        section(root, List.of());
    }

    private void section(YamlNode.Fields section, List<String> path) {
        section.fields()
                .forEach((name, node) -> {
                    var below = new ArrayList<>(path);
                    below.add(name);
                    if (keys.isMap(path) && !isName(name)) {
                        fault(
                                below,
                                node,
                                "is not allowed as a name: it is empty or has a bracket");
                    } else {
                        node(node, below);
                    }
                });
    }

    /** Spring writes names that files choose in brackets. */
    private static boolean isName(String text) {
        return !text.isEmpty() && text.indexOf('[') < 0 && text.indexOf(']') < 0;
    }

    private void node(YamlNode node, List<String> path) {
        if (keys.isSection(path)) {
            switch (node) {
                case YamlNode.Fields fields -> section(fields, path);
                case YamlNode.Scalar scalar when scalar.isNull() -> {}
                case YamlNode.Scalar _, YamlNode.Items _ ->
                        refuse(path, node, keys.allowedIn(path));
            }
            return;
        }
        keys.at(path).ifPresentOrElse(key -> value(key, node), () -> unknown(node, path));
    }

    private void value(SettingKey key, YamlNode node) {
        ConfigurationPropertyName name = names.spring(key.path());
        switch (node) {
            case YamlNode.Scalar scalar when scalar.isNull() -> {}
            case YamlNode.Scalar scalar -> put(name, scalar);
            case YamlNode.Items items when key.isList() -> items(key, name, items);
            case YamlNode.Items _, YamlNode.Fields _ -> refuse(key.path(), node, key.allowed());
        }
    }

    private void items(SettingKey key, ConfigurationPropertyName name, YamlNode.Items items) {
        if (items.items().isEmpty()) {
            values.put(name.toString(), new Value("", items.origin()));
        }
        for (int i = 0; i < items.items().size(); i++) {
            YamlNode item = items.items().get(i);
            if (!(item instanceof YamlNode.Scalar scalar)) {
                refuse(key.path(), item, key.allowedItem());
                return;
            }
            put(name.append("[" + i + "]"), scalar);
        }
    }

    private void put(ConfigurationPropertyName name, YamlNode.Scalar scalar) {
        values.put(name.toString(), new Value(scalar.text().strip(), scalar.origin()));
    }

    private void refuse(List<String> path, YamlNode node, String allowed) {
        boolean hidden = node instanceof YamlNode.Scalar && keys.hides(path);
        fault(path, node, (hidden ? "'***'" : node.kind()) + " is not allowed: " + allowed);
    }

    private void unknown(YamlNode node, List<String> path) {
        Optional<String> slip = nearest.slip(path);
        if (whole && path.getFirst().equals(DeploymentKeys.WEFT)) {
            fault(path, node, "is not a key of Weft: did you mean " + nearest.to(path) + "?");
        } else if (slip.isPresent() && node.origin() instanceof Origin.CommandLine) {
            fault(path, node, "is not a known key: did you mean " + slip.get() + "?");
        } else {
            String hint = slip.map(known -> "did you mean " + known + "?").orElse(null);
            unknown.add(new Setting(path, node.plain(), hint, node.origin(), false));
        }
    }

    private void fault(List<String> path, YamlNode node, String message) {
        faults.add(new DeploymentFault(String.join(".", path), node.origin(), message));
    }
}
