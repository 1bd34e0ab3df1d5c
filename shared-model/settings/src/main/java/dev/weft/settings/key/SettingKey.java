package dev.weft.settings.key;

import dev.weft.settings.Allowed;
import dev.weft.settings.Shown;
import dev.weft.settings.Unset;
import java.lang.annotation.Annotation;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One setting that a record declares.
 *
 * @param path segments as a deployment file spells them; {@link #ANY} stands for a name that the
 *     file gives, e.g. that of an adapter
 * @param owner the record
 * @param component of the record
 * @param parameter of its canonical constructor
 */
public record SettingKey(
        List<String> path, Class<?> owner, RecordComponent component, Parameter parameter) {
    static final String ANY = "*";

    public SettingKey {
        path = List.copyOf(path);
    }

    /** The path with dots. */
    public String name() {
        return String.join(".", path);
    }

    /** This key with the names that a file gives in place of {@link #ANY}. */
    public SettingKey of(List<String> names) {
        var left = new ArrayList<>(names);
        List<String> concrete =
                path.stream()
                        .map(segment -> segment.equals(ANY) ? left.removeFirst() : segment)
                        .toList();
        return new SettingKey(concrete, owner, component, parameter);
    }

    /** True if it may have several values. */
    public boolean isList() {
        return List.class.isAssignableFrom(component.getType());
    }

    /** Type of the value; for a list, that of its items. */
    Class<?> type() {
        return isList() ? RecordShape.argument(component, 0) : component.getType();
    }

    <A extends Annotation> Optional<A> annotation(Class<A> type) {
        A own = component.getAnnotation(type);
        return Optional.ofNullable(own == null ? parameter.getAnnotation(type) : own);
    }

    /** Whether its value is never shown. */
    boolean isHidden() {
        return annotation(Shown.class)
                .filter(shown -> shown.value() == Shown.How.HIDDEN)
                .isPresent();
    }

    /** What applies without a value, in the words of docs/configuration.md, which a test writes. */
    public String defaultText() {
        String unset = unset();
        if (unset != null) {
            return unset;
        }
        String[] values =
                annotation(DefaultValue.class).map(DefaultValue::value).orElse(new String[0]);
        return values.length == 0 ? "none" : String.join(",", Arrays.asList(values));
    }

    /** What applies without a value, in words; null if the key has no such words. */
    public @Nullable String unset() {
        return annotation(Unset.class).map(Unset::value).orElse(null);
    }

    /** The allowed values, e.g. {@code 0 to 65535}. */
    public String allowed() {
        return (isList() ? "a list, or text with commas, of " : "") + allowedItem();
    }

    /** The allowed values; for a list, those of each item. */
    public String allowedItem() {
        return annotation(Allowed.class).map(Allowed::value).orElseGet(() -> AllowedText.of(this));
    }

    /** A value in the words of JSON. */
    public @Nullable Object plain(@Nullable Object value) {
        return PlainValue.of(this, value);
    }
}
