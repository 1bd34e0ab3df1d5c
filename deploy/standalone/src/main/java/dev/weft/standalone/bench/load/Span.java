package dev.weft.standalone.bench.load;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of tokens, or a range from which it is drawn with equal chances. */
public record Span(int least, int most) {
    private static final int LARGEST = 1_000_000;
    private static final Pattern FORM = Pattern.compile("(\\d{1,7})(?:\\.\\.(\\d{1,7}))?");

    public Span {
        if (least < 1 || most < least || most > LARGEST) {
            throw new IllegalArgumentException(
                    "'%s' is not allowed: N or MIN..MAX, each from 1 to %d"
                            .formatted(least == most ? least : least + ".." + most, LARGEST));
        }
    }

    /** Reads {@code N} or {@code MIN..MAX}. */
    public static Span parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not allowed: N or MIN..MAX, each from 1 to %d"
                            .formatted(text, LARGEST));
        }
        int least = Integer.parseInt(matcher.group(1));
        return new Span(
                least, matcher.group(2) == null ? least : Integer.parseInt(matcher.group(2)));
    }

    int draw(SplittableRandom random) {
        return least == most ? least : random.nextInt(least, most + 1);
    }

    @Override
    public String toString() {
        return least == most ? String.valueOf(least) : least + ".." + most;
    }
}
