package dev.weft.settings.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.ReflectionUtils;

/** The form of records of settings. */
public final class RecordShape {
    /** The JVM parses the annotations of parameters each time that they are asked for. */
    private static final ClassValue<List<Part>> PARTS =
            new ClassValue<>() {
                @Override
                protected List<Part> computeValue(Class<?> type) {
                    return read(type);
                }
            };

    private RecordShape() {}

    /**
     * True for a record of settings within another one. A record made from one text is a value
     * instead: it has a static method {@code of}, by which Spring converts.
     */
    public static boolean isSection(Class<?> type) {
        return type.isRecord() && !isMadeOfText(type);
    }

    private static boolean isMadeOfText(Class<?> type) {
        try {
            Method of = type.getMethod("of", String.class);
            return Modifier.isStatic(of.getModifiers());
        } catch (NoSuchMethodException _) {
            return false;
        }
    }

    /** The class between the brackets of a component's type, e.g. of a list. */
    static Class<?> argument(RecordComponent component, int index) {
        if (component.getGenericType() instanceof ParameterizedType type
                && type.getActualTypeArguments()[index] instanceof Class<?> argument) {
            return argument;
        }
        throw new IllegalArgumentException(component + " has no class at " + index);
    }

    /**
     * A component of a record.
     *
     * @param parameter of the canonical constructor, which has the annotations
     * @param name in kebab case, as Spring binds it
     */
    public record Part(RecordComponent component, Parameter parameter, String name) {
        private static Part of(RecordComponent component, Parameter parameter) {
            Name named = parameter.getAnnotation(Name.class);
            String name =
                    named != null
                            ? named.value()
                            : component
                                    .getName()
                                    .replaceAll("([A-Z])", "-$1")
                                    .toLowerCase(Locale.ROOT);
            return new Part(component, parameter, name);
        }

        /** Its value in a record. */
        public @Nullable Object of(Object record) {
            ReflectionUtils.makeAccessible(component.getAccessor());
            return ReflectionUtils.invokeMethod(component.getAccessor(), record);
        }
    }

    /** The components of a record, in their order. */
    public static List<Part> parts(Class<?> type) {
        return PARTS.get(type);
    }

    private static List<Part> read(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Parameter> parameters = parameters(type, components);
        return IntStream.range(0, components.length)
                .mapToObj(i -> Part.of(components[i], parameters.get(i)))
                .toList();
    }

    private static List<Parameter> parameters(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (Arrays.equals(constructor.getParameterTypes(), types)) {
                return List.of(constructor.getParameters());
            }
        }
        throw new IllegalArgumentException(type + " has no canonical constructor");
    }

    /** Takes what a record holds, with paths as a file spells them. */
    public interface Visitor {
        /** A record within it, or the entry of a map. */
        void section(List<String> path, Object record);

        /** A value that is not a record. */
        void value(List<String> path, @Nullable Object value);
    }

    /** Visits the components of a record, but not those of records within it. */
    public static void visit(Object record, List<String> path, Visitor visitor) {
        for (Part part : parts(record.getClass())) {
            List<String> below = SettingKeys.below(path, part.name());
            Object value = part.of(record);
            if (value != null && isSection(part.component().getType())) {
                visitor.section(below, value);
            } else if (value instanceof Map<?, ?> entries) {
                entries.forEach((name, entry) -> {
                    var at = new ArrayList<>(below);
                    at.add(String.valueOf(name));
                    visitor.section(at, entry);
                });
            } else {
                visitor.value(below, value);
            }
        }
    }

    /** The path of a record's own section; empty for one that describes whole files. */
    public static List<String> prefix(Class<?> record) {
        ConfigurationProperties properties = record.getAnnotation(ConfigurationProperties.class);
        return properties == null ? List.of() : List.of(properties.value().split("\\."));
    }
}
