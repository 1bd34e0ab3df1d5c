package dev.weft.settings.key;

import dev.weft.settings.Shown;
import dev.weft.settings.text.Durations;
import dev.weft.settings.text.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Values of settings in the words of JSON: lists, text, numbers, booleans, null. */
public final class PlainValue {
    /**
     * A password, up to the last {@code @} of the address: an earlier one was not encoded, and is
     * part of the password.
     */
    private static final Pattern PASSWORD = Pattern.compile("(://[^:/@\\s]*:)\\S*@");

    /** A password whose user was forgotten looks like a user. */
    private static final Pattern USER_ALONE = Pattern.compile("(://)[^:/\\s]+@");

    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)([?&][a-z]*password=)[^&\\s]*");

    private PlainValue() {}

    static @Nullable Object of(SettingKey key, @Nullable Object value) {
        Shown.How how = key.annotation(Shown.class).map(Shown::value).orElse(null);
        return switch (value) {
            case null -> null;
            case List<?> list -> {
                var all = new ArrayList<@Nullable Object>();
                list.forEach(item -> all.add(of(key, item)));
                yield all;
            }
            case Object _ when key.isHidden() -> "***";
            case String text -> how == Shown.How.WITHOUT_PASSWORD ? masked(text) : text;
            case Number number -> number;
            case Boolean flag -> flag;
            case Duration duration -> Durations.plain(duration);
            case DataSize size -> Sizes.plain(size);
            case Enum<?> constant when how == Shown.How.BY_NAME -> constant.name();
            case Enum<?> constant -> word(constant, key.path().getFirst().equals("weft"));
            default -> value.toString();
        };
    }

    /** A text in which the passwords of addresses are masked, and users that have no password. */
    public static String masked(String text) {
        String known = PASSWORD.matcher(text).replaceAll("$1***@");
        String shown = USER_ALONE.matcher(known).replaceAll("$1***@");
        return SECRET_PARAMETER.matcher(shown).replaceAll("$1***");
    }

    private static String word(Enum<?> constant, boolean kebab) {
        String snake = constant.name().toLowerCase(Locale.ROOT);
        return kebab ? snake.replace('_', '-') : snake;
    }
}
