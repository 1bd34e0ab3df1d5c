package dev.weft.settings.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;

/** The form of records of settings. */
public final class RecordShape {
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

    /** The parameters of the canonical constructor, in the order of the components. */
    public static List<Parameter> parameters(Class<?> type) {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (Arrays.equals(constructor.getParameterTypes(), types)) {
                return List.of(constructor.getParameters());
            }
        }
        throw new IllegalArgumentException(type + " has no canonical constructor");
    }

    /** The path of a record's own section; empty for one that describes whole files. */
    public static List<String> prefix(Class<?> record) {
        ConfigurationProperties properties = record.getAnnotation(ConfigurationProperties.class);
        return properties == null ? List.of() : List.of(properties.value().split("\\."));
    }

    /** The name in kebab case, as Spring binds it. */
    public static String name(RecordComponent component, Parameter parameter) {
        Name named = parameter.getAnnotation(Name.class);
        return named != null ? named.value() : dashed(component.getName());
    }

    private static String dashed(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
