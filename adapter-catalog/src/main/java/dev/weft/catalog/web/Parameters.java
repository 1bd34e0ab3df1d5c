package dev.weft.catalog.web;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Reads values of paths, queries and headers. */
public final class Parameters {
    private static final int DEFAULT_SIZE = 50;
    private static final int LARGEST_SIZE = 500;

    private Parameters() {}

    /** A path that consists of a name and an action on it. */
    public record Action(String name, String verb) {}

    public static Action action(String rest) {
        int slash = rest.lastIndexOf('/');
        return new Action(slash < 0 ? "" : rest.substring(0, slash), rest.substring(slash + 1));
    }

    public static ResponseStatusException nothingAt(String method, String rest) {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND, "there is nothing to " + method + " at '" + rest + "'");
    }

    public static int size(@Nullable String size) {
        if (size == null) {
            return DEFAULT_SIZE;
        }
        if (size.matches("[0-9]{1,3}")) {
            int number = Integer.parseInt(size);
            if (number >= 1 && number <= LARGEST_SIZE) {
                return number;
            }
        }
        throw BadRequestException.of("size", size, "1 to " + LARGEST_SIZE);
    }

    /** A number of a query; null if it is left out. */
    public static @Nullable Long number(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        if (value.matches("[0-9]{1,18}")) {
            return Long.valueOf(value);
        }
        throw BadRequestException.of(name, value, "a number of 1 or more");
    }

    /** A text of a query that tables are searched for; null if it is left out. */
    public static @Nullable String text(String name, @Nullable String value) {
        if (value != null && value.chars().anyMatch(Character::isISOControl)) {
            throw BadRequestException.of(name, value, "no control characters");
        }
        return value;
    }

    /** The number at the end of a path, such as a token's. */
    public static long id(String what, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new NotFoundException("there is no " + what + " '" + text + "'");
        }
        return Long.parseLong(text);
    }
}
