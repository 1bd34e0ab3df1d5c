package dev.weft.settings.key;

import dev.weft.settings.SizeRange;
import dev.weft.settings.text.Durations;
import dev.weft.settings.text.Sizes;
import dev.weft.settings.text.WebAddress;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Says which values a setting may have, from its type and its constraints. */
final class AllowedText {
    private AllowedText() {}

    static String of(SettingKey key) {
        return constraint(key, Range.class)
                .map(range -> range.min() + " to " + range.max())
                .or(() -> constraint(key, Pattern.class).map(Pattern::message))
                .or(() -> constraint(key, SizeRange.class).map(AllowedText::sizes))
                .or(() -> durations(key))
                .orElseGet(() -> ofType(key));
    }

    private static String ofType(SettingKey key) {
        Class<?> type = key.type();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> String.valueOf(PlainValue.of(key, constant)))
                    .collect(Collectors.joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true, false";
        }
        return type == URI.class ? WebAddress.ALLOWED : "a text";
    }

    private static String sizes(SizeRange range) {
        return "%s to %s, %s"
                .formatted(
                        Sizes.plain(Sizes.parse(range.min())),
                        Sizes.plain(Sizes.parse(range.max())),
                        Sizes.ALLOWED);
    }

    private static Optional<String> durations(SettingKey key) {
        return constraint(key, DurationMax.class)
                .map(max ->
                        "%s to %s, %s"
                                .formatted(
                                        Durations.plain(
                                                constraint(key, DurationMin.class)
                                                        .map(AllowedText::of)
                                                        .orElse(Duration.ZERO)),
                                        Durations.plain(of(max)),
                                        Durations.ALLOWED));
    }

    private static Duration of(DurationMin min) {
        return Duration.ofMillis(min.millis())
                .plusSeconds(min.seconds())
                .plusMinutes(min.minutes())
                .plusHours(min.hours());
    }

    private static Duration of(DurationMax max) {
        return Duration.ofMillis(max.millis())
                .plusSeconds(max.seconds())
                .plusMinutes(max.minutes())
                .plusHours(max.hours());
    }

    /** The annotation of the value, or of a list's items. */
    private static <A extends Annotation> Optional<A> constraint(SettingKey key, Class<A> type) {
        if (key.component().getAnnotatedType() instanceof AnnotatedParameterizedType list) {
            return Optional.ofNullable(
                    list.getAnnotatedActualTypeArguments()[0].getAnnotation(type));
        }
        return key.annotation(type);
    }
}
