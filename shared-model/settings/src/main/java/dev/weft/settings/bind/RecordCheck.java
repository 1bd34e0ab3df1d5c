package dev.weft.settings.bind;

import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.key.RecordShape;
import dev.weft.settings.key.SettingKey;
import dev.weft.settings.key.SettingKeys;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;

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
    private final Predicate<List<String>> opened;
    private final BiConsumer<List<String>, Found> found;

    /** A fault. */
    sealed interface Found {}

    /**
     * A value that breaks a constraint.
     *
     * @param value the text that is shown; of a list, the item
     */
    record Broken(SettingKey key, String value) implements Found {}

    /** A fault in a record's own words. */
    record Said(String message) implements Found {}

    /**
     * @param opened the sections whose files and folders must be there
     * @param found takes the path of each setting that is wrong
     */
    RecordCheck(
            SettingKeys keys,
            Predicate<List<String>> opened,
            BiConsumer<List<String>, Found> found) {
        this.keys = keys;
        this.opened = opened;
        this.found = found;
    }

    /**
     * Checks a record and those within it.
     *
     * @param path of the record, as a file spells it
     */
    void check(Object record, List<String> path, BoundSettings all) {
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
            Consistent.Faults faults =
                    (names, message) -> found.accept(below(path, names), new Said(message));
            consistent.check(faults, all);
            if (opened.test(path)) {
                consistent.checkFiles(faults, all);
            }
        }
        RecordShape.visit(
                record,
                path,
                new RecordShape.Visitor() {
                    @Override
                    public void section(List<String> below, Object within) {
                        check(within, below, all);
                    }

                    @Override
                    public void value(List<String> below, @Nullable Object value) {}
                });
    }

    private static String name(Class<?> record, String component) {
        return RecordShape.parts(record).stream()
                .filter(part -> part.component().getName().equals(component))
                .map(RecordShape.Part::name)
                .findFirst()
                .orElse(component);
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
