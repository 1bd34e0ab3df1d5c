package dev.weft.settings.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads settings such as {@code NAME=SECRET}. */
public final class Pairs {
    private Pairs() {}

    /**
     * The parts of a text.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static Matcher match(Pattern form, String text) {
        Matcher parts = form.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not allowed: " + form);
        }
        return parts;
    }

    /** The names that come more than once. */
    public static List<String> repeated(Stream<String> names) {
        var seen = new ArrayList<String>();
        return names.filter(name -> seen.contains(name) || !seen.add(name)).toList();
    }
}
