package dev.weft.deployment;

import dev.weft.settings.key.SettingKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes settings in a sentence each: the Javadoc of the records' components, which Spring
 * Boot's processor writes into each module's metadata.
 */
final class Descriptions {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String OF_TYPES = "META-INF/spring/configuration-metadata/";
    private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");

    private final Map<String, String> texts = new HashMap<>();

    /**
     * Reads those of all modules on the class path, and of records that have no section of their
     * own.
     */
    Descriptions(Class<?>... records) {
        files(METADATA).forEach(file -> add(file, ""));
        for (Class<?> record : records) {
            files(OF_TYPES + record.getName() + ".json")
                    .forEach(file -> add(file, record.getName() + "."));
        }
    }

    private static List<URL> files(String name) {
        try {
            return Collections.list(Descriptions.class.getClassLoader().getResources(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e, e);
        }
    }

    private void add(URL file, String prefix) {
        try (InputStream in = file.openStream()) {
            for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                String name = property.path("name").asString("");
                String text = property.path("description").asString("");
                texts.putIfAbsent(name, text);
                texts.putIfAbsent(prefix + name, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e, e);
        }
    }

    /** The description of a key; empty if it has none. */
    String of(SettingKey key) {
        String name = key.name().replace('_', '-');
        String own = key.owner().getName() + "." + key.path().getLast().replace('_', '-');
        String text = texts.getOrDefault(own, texts.getOrDefault(name, ""));
        return CODE.matcher(text).replaceAll("`$1`").replaceAll("\\s+", " ").strip();
    }
}
