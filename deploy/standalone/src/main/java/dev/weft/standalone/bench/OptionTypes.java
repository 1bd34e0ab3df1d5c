package dev.weft.standalone.bench;

import dev.weft.standalone.bench.load.ModelSelection;
import dev.weft.standalone.bench.load.Popularity;
import dev.weft.standalone.bench.load.Span;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The types of options; the message for a wrong value names the allowed ones. */
final class OptionTypes {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern IDS = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");

    private OptionTypes() {}

    private static <T> T parse(Function<String, T> parser, String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    static final class OfSpan implements ITypeConverter<Span> {
        @Override
        public Span convert(String text) {
            return parse(Span::parse, text);
        }
    }

    static final class OfPopularity implements ITypeConverter<Popularity> {
        @Override
        public Popularity convert(String text) {
            return parse(Popularity::parse, text);
        }
    }

    static final class OfModels implements ITypeConverter<ModelSelection> {
        @Override
        public ModelSelection convert(String text) {
            return parse(ModelSelection::parse, text);
        }
    }

    /** A time of at least a millisecond and at most a day. */
    static final class OfDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            Duration duration = Duration.ZERO;
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                duration =
                        switch (matcher.group(2)) {
                            case "ms" -> Duration.ofMillis(number);
                            case "s" -> Duration.ofSeconds(number);
                            case "m" -> Duration.ofMinutes(number);
                            default -> Duration.ofHours(number);
                        };
            }
            if (!duration.isPositive() || duration.compareTo(Duration.ofHours(24)) > 0) {
                throw new TypeConversionException(
                        "'%s' is not allowed: 1ms to 24h, with the unit ms, s, m or h"
                                .formatted(text));
            }
            return duration;
        }
    }

    /** A range of token ids: the first, and the one after the last. */
    record Ids(int low, int high) {}

    static final class OfIds implements ITypeConverter<Ids> {
        @Override
        public Ids convert(String text) {
            Matcher matcher = IDS.matcher(text);
            if (matcher.matches()) {
                int low = Integer.parseInt(matcher.group(1));
                int last = Integer.parseInt(matcher.group(2));
                if (low < last) {
                    return new Ids(low, last + 1);
                }
            }
            throw new TypeConversionException(
                    "'%s' is not allowed: LOW..HIGH, LOW below HIGH".formatted(text));
        }
    }
}
