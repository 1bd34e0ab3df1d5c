package dev.weft.deployment;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values in the form that a listing shows to people. */
final class ConfigText {
    private ConfigText() {}

    static String of(@Nullable Object plain) {
        return switch (plain) {
            case null -> "-";
            case List<?> list when list.isEmpty() -> "-";
            case List<?> list -> list.stream().map(ConfigText::of).collect(Collectors.joining(","));
            case String text when text.isEmpty() -> "\"\"";
            default -> plain.toString();
        };
    }
}
