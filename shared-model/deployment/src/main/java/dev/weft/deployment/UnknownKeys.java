package dev.weft.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks through a document for keys that Weft doesn't know. Below {@code weft:} they are faults,
 * since nothing else reads them; elsewhere they belong to Truss, and are kept.
 */
final class UnknownKeys {
    private final Values values;

    UnknownKeys(Values values) {
        this.values = values;
    }

    void check(YamlNode.Fields root) {
        check(root, List.of());
    }

    private void check(YamlNode.Fields section, List<String> path) {
        for (Map.Entry<String, YamlNode> entry : section.fields().entrySet()) {
            var below = new ArrayList<>(path);
            below.add(entry.getKey());
            check(entry.getValue(), below);
        }
    }

    private void check(YamlNode node, List<String> path) {
        if (Schema.isSection(path)) {
            switch (node) {
                case YamlNode.Fields fields -> check(fields, path);
                case YamlNode.Scalar scalar when scalar.isNull() -> {}
                case YamlNode.Scalar _, YamlNode.Items _ ->
                        values.fault(
                                path,
                                node.kind()
                                        + " is not allowed: a mapping with "
                                        + String.join(", ", Schema.children(path)));
            }
        } else if (!Schema.isKey(path)) {
            unknown(node, path);
        }
    }

    private void unknown(YamlNode node, List<String> path) {
        Optional<String> slip = Schema.slip(path);
        if (path.getFirst().equals(WeftKeys.ROOT)) {
            values.fault(path, "is not a key of Weft: did you mean " + Schema.nearest(path) + "?");
        } else if (slip.isPresent() && node.origin() instanceof Origin.CommandLine) {
            values.fault(path, "is not a known key: did you mean " + slip.get() + "?");
        } else {
            String hint = slip.map(known -> "did you mean " + known + "?").orElse(null);
            values.add(new Setting(path, node.plain(), hint, node.origin(), false));
        }
    }
}
