package dev.weft.settings.key;

import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.ClassUtils;

/**
 * The records of settings on the class path. Each module names its own in {@code
 * META-INF/spring/org.springframework.boot.context.properties.ConfigurationProperties.imports}.
 */
public final class SettingRecords {
    private SettingRecords() {}

    /** Finds them; those of the shortest sections come first. */
    public static List<Class<?>> find() {
        ClassLoader loader = SettingRecords.class.getClassLoader();
        return StreamSupport.stream(
                        ImportCandidates.load(ConfigurationProperties.class, loader).spliterator(),
                        false)
                .distinct()
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, loader))
                .sorted(
                        Comparator.<Class<?>>comparingInt(type -> RecordShape.prefix(type).size())
                                .thenComparing(Class::getSimpleName))
                .toList();
    }
}
