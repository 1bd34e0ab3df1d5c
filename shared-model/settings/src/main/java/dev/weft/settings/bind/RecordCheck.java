package dev.weft.settings.bind;

import dev.weft.settings.Consistent;
import dev.weft.settings.key.RecordShape;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Checks records of settings against their constraints, and calls the check of those that have one.
 */
final class RecordCheck {
    /** Messages are not Bean Validation's, so that no expression language is needed for them. */
    private static final Validator VALIDATOR =
            Validation.byDefaultProvider()
                    .configure()
                    .messageInterpolator(new ParameterMessageInterpolator())
                    .buildValidatorFactory()
                    .getValidator();

    private final SettingKeys keys;
    private final BiConsumer<List<String>, Found> found;

    /** A fault. */
    sealed interface Found {}

    /**
     * A value that breaks a constraint.
     *
     * @param value the text that is shown; of a list, the item
     */
    record Broken(SettingKey key, String value) implements Found {}

    /** A record's own message. */
    record Said(String message) implements Found {}

    /**
     * @param found takes the path of each setting that is wrong
     */
    RecordCheck(SettingKeys keys, BiConsumer<List<String>, Found> found) {
        this.keys = keys;
        this.found = found;
    }

    /**
     * Checks a record and those within it.
     *
     * @param path of the record, as a file spells it
     */
    void check(Object record, List<String> path) {
        var violations = new ArrayList<>(VALIDATOR.validate(record));
        violations.sort(Comparator.comparing(violation -> violation.getPropertyPath().toString()));
        for (ConstraintViolation<Object> violation : violations) {
            String component = violation.getPropertyPath().iterator().next().getName();
            List<String> at = below(path, List.of(name(record.getClass(), component)));
            keys.at(at)
                    .ifPresent(key ->
                            found.accept(
                                    at,
                                    new Broken(
                                            key,
                                            String.valueOf(
                                                    key.plain(violation.getInvalidValue())))));
        }
        if (record instanceof Consistent consistent) {
            consistent.check(
                    (names, message) -> found.accept(below(path, names), new Said(message)));
        }
        within(record, path);
    }

    private void within(Object record, List<String> path) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        List<Parameter> parameters = RecordShape.parameters(record.getClass());
        for (int i = 0; i < components.length; i++) {
            List<String> below =
                    SettingKeys.below(path, RecordShape.name(components[i], parameters.get(i)));
            Object value = value(record, components[i]);
            if (value != null && RecordShape.isSection(components[i].getType())) {
                check(value, below);
            } else if (value instanceof Map<?, ?> entries) {
                entries.forEach((name, entry) -> {
                    var at = new ArrayList<>(below);
                    at.add(String.valueOf(name));
                    check(entry, at);
                });
            }
        }
    }

    static @Nullable Object value(Object record, RecordComponent component) {
        ReflectionUtils.makeAccessible(component.getAccessor());
        return ReflectionUtils.invokeMethod(component.getAccessor(), record);
    }

    private static String name(Class<?> record, String component) {
        RecordComponent[] components = record.getRecordComponents();
        int index =
                Arrays.stream(components).map(RecordComponent::getName).toList().indexOf(component);
        return RecordShape.name(components[index], RecordShape.parameters(record).get(index));
    }

    private List<String> below(List<String> path, List<String> names) {
        List<String> below = path;
        for (String name : names) {
            if (keys.isMap(below)) {
                below = new ArrayList<>(below);
                below.add(name);
            } else {
                below = SettingKeys.below(below, name);
            }
        }
        return below;
    }
}
