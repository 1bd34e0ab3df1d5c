package dev.weft.deployment;

import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import dev.weft.deployment.document.YamlNode;
import dev.weft.deployment.document.YamlReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lays the values of {@code --set KEY=VALUE} over those of the file. */
final class CommandLineSettings {
    private final List<DeploymentFault> faults;

    CommandLineSettings(List<DeploymentFault> faults) {
        this.faults = faults;
    }

    /** Applies them in the order given: the last one wins. */
    YamlNode.Fields apply(YamlNode.Fields file, List<String> arguments) {
        YamlNode.Fields result = file;
        for (String argument : arguments) {
            result = apply(result, argument);
        }
        return result;
    }

    private YamlNode.Fields apply(YamlNode.Fields file, String argument) {
        var origin = new Origin.CommandLine(argument);
        int equals = argument.indexOf('=');
        String key = equals < 0 ? "" : argument.substring(0, equals).strip();
        if (key.isEmpty()) {
            faults.add(new DeploymentFault("", origin, "KEY=VALUE is allowed"));
            return file;
        }
        int before = faults.size();
        String text = argument.substring(equals + 1);
        YamlNode value = new YamlReader((_, _) -> origin, faults).read(text);
        if (faults.size() > before) {
            return file;
        }
        return file.with(
                path(file, key), value == null ? new YamlNode.Scalar("", null, origin) : value);
    }

    /** Splits a key at its dots, but not the name of an adapter, which may hold dots itself. */
    private static List<String> path(YamlNode.Fields file, String key) {
        String adapters = String.join(".", DeploymentKeys.ADAPTERS) + ".";
        if (!key.startsWith(adapters) || key.length() == adapters.length()) {
            return List.of(key.split("\\.", -1));
        }
        String rest = key.substring(adapters.length());
        var path = new ArrayList<>(DeploymentKeys.ADAPTERS);
        String name = adapter(file, rest);
        path.add(name);
        if (rest.length() > name.length() + 1) {
            path.add(rest.substring(name.length() + 1));
        }
        return path;
    }

    private static String adapter(YamlNode.Fields file, String rest) {
        for (String field :
                DeploymentKeys.ALL.children(List.of("trt_llm", "build", "lora_adapters", "x"))) {
            if (rest.endsWith("." + field) && rest.length() > field.length() + 1) {
                return rest.substring(0, rest.length() - field.length() - 1);
            }
        }
        if (file.at(DeploymentKeys.ADAPTERS) instanceof YamlNode.Fields known) {
            return known.fields().keySet().stream()
                    .filter(name -> rest.startsWith(name + "."))
                    .max(Comparator.comparingInt(String::length))
                    .orElse(rest);
        }
        return rest;
    }
}
