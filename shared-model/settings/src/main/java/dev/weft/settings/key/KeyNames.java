package dev.weft.settings.key;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Names of settings as Spring has them and as files spell them. */
public final class KeyNames {
    private final SettingKeys keys;

    public KeyNames(SettingKeys keys) {
        this.keys = keys;
    }

    /** Spring's name for a path of a file. */
    public ConfigurationPropertyName spring(List<String> path) {
        ConfigurationPropertyName name = ConfigurationPropertyName.EMPTY;
        for (int i = 0; i < path.size(); i++) {
            boolean given = i > 0 && keys.isMap(path.subList(0, i));
            name = name.append(given ? "[" + path.get(i) + "]" : path.get(i).replace('_', '-'));
        }
        return name;
    }

    /** A file's path for Spring's name; the place of an item in its list is left out. */
    public List<String> path(ConfigurationPropertyName name) {
        var path = new ArrayList<String>();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, Form.ORIGINAL);
            if (keys.isMap(path)) {
                path.add(element);
            } else if (!name.isNumericIndex(i)) {
                path.add(spelled(path, name.getElement(i, Form.UNIFORM), element));
            }
        }
        return path;
    }

    private String spelled(List<String> section, String uniform, String element) {
        return keys.children(section).stream()
                .filter(child -> child.replaceAll("[-_]", "").equals(uniform))
                .findFirst()
                .orElse(element);
    }
}
