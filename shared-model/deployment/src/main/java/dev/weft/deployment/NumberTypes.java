package dev.weft.deployment;

import dev.weft.deployment.KeyType.InvalidValueException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/** Types of keys whose value is a number, a duration, a size or yes and no. */
final class NumberTypes {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

    private static final Map<String, Duration> UNITS_OF_TIME =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1));

    private static final Map<String, Long> UNITS_OF_SIZE =
            Map.of(
                    "",
                    1L,
                    "kb",
                    1_000L,
                    "mb",
                    1_000_000L,
                    "gb",
                    1_000_000_000L,
                    "kib",
                    1L << 10,
                    "mib",
                    1L << 20,
                    "gib",
                    1L << 30,
                    "ki",
                    1L << 10,
                    "mi",
                    1L << 20,
                    "gi",
                    1L << 30);

    private NumberTypes() {}

    /** A whole number within bounds, both included. */
    static KeyType<Integer> integer(int least, int most) {
        return integer(n -> n >= least && n <= most, least + " to " + most);
    }

    /** A whole number that a rule holds for. */
    static KeyType<Integer> integer(LongPredicate rule, String allowed) {
        record Whole(LongPredicate rule, String allowed) implements KeyType.OfText<Integer> {
            @Override
            public Integer parse(String text) throws InvalidValueException {
                long number = number(this, text);
                if (number != (int) number || !rule.test(number)) {
                    throw refused(text);
                }
                return (int) number;
            }

            @Override
            public Object plain(Integer value) {
                return value;
            }
        }
        return new Whole(rule, allowed);
    }

    /** A whole number of tokens, bytes and the like. */
    static KeyType<Long> count(long most) {
        record Count(long most) implements KeyType.OfText<Long> {
            @Override
            public Long parse(String text) throws InvalidValueException {
                long number = number(this, text);
                if (number < 0 || number > most) {
                    throw refused(text);
                }
                return number;
            }

            @Override
            public String allowed() {
                return "0 to " + most;
            }

            @Override
            public Object plain(Long value) {
                return value;
            }
        }
        return new Count(most);
    }

    /** A share: more than 0, at most 1. */
    static KeyType<Double> fraction() {
        return new Fraction(value -> value > 0 && value <= 1, "a number over 0 and up to 1");
    }

    /** A share that may be nothing. */
    static KeyType<Double> share() {
        return new Fraction(value -> value >= 0 && value <= 1, "a number from 0 to 1");
    }

    private record Fraction(DoublePredicate rule, String allowed)
            implements KeyType.OfText<Double> {
        private static final Pattern DECIMAL = Pattern.compile("\\d{0,9}\\.?\\d{1,9}");

        @Override
        public Double parse(String text) throws InvalidValueException {
            if (!DECIMAL.matcher(text).matches() || !rule.test(Double.parseDouble(text))) {
                throw refused(text);
            }
            return Double.parseDouble(text);
        }

        @Override
        public Object plain(Double value) {
            return value;
        }
    }

    private static long number(KeyType.OfText<?> type, String text) throws InvalidValueException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw type.refused(text);
        }
    }

    /** {@code true} or {@code false}; YAML 1.1's yes, no, on and off are understood too. */
    static KeyType<Boolean> flag() {
        record Flag() implements KeyType.OfText<Boolean> {
            @Override
            public Boolean parse(String text) throws InvalidValueException {
                return switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on" -> true;
                    case "false", "no", "off" -> false;
                    default -> throw refused(text);
                };
            }

            @Override
            public String allowed() {
                return "true, false";
            }

            @Override
            public Object plain(Boolean value) {
                return value;
            }
        }
        return new Flag();
    }

    /** {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
    static KeyType<Duration> duration(Duration least, Duration most) {
        record Time(Duration least, Duration most) implements KeyType.OfText<Duration> {
            @Override
            public Duration parse(String text) throws InvalidValueException {
                var parts = QUANTITY.matcher(text);
                Duration unit = parts.matches() ? UNITS_OF_TIME.get(parts.group(2)) : null;
                // Nine digits of hours still fit a Duration.
                if (unit == null || parts.group(1).length() > 9) {
                    throw refused(text);
                }
                Duration value = unit.multipliedBy(Long.parseLong(parts.group(1)));
                if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                    throw refused(text);
                }
                return value;
            }

            @Override
            public String allowed() {
                return plain(least) + " to " + plain(most) + ", with the unit ms, s, m or h";
            }

            @Override
            public Object plain(Duration value) {
                if (value.toMillisPart() != 0) {
                    return value.toMillis() + "ms";
                }
                if (value.toSecondsPart() != 0 || value.isZero()) {
                    return value.toSeconds() + "s";
                }
                return value.toMinutesPart() != 0 ? value.toMinutes() + "m" : value.toHours() + "h";
            }
        }
        return new Time(least, most);
    }

    /** Bytes: a number, or one with KB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024). */
    static KeyType<Integer> size(int least, int most) {
        record Size(int least, int most) implements KeyType.OfText<Integer> {
            @Override
            public Integer parse(String text) throws InvalidValueException {
                return (int) bytes(this, text, least, most);
            }

            @Override
            public String allowed() {
                return plain(least) + " to " + plain(most) + ", in bytes or with KiB, MiB, KB, MB";
            }

            @Override
            public Object plain(Integer value) {
                if (value % (1 << 20) == 0) {
                    return (value >> 20) + "MiB";
                }
                return value % (1 << 10) == 0 ? (value >> 10) + "KiB" : value;
            }
        }
        return new Size(least, most);
    }

    /** The same, beyond 2 GiB. */
    static KeyType<Long> memory(long most) {
        record Memory(long most) implements KeyType.OfText<Long> {
            @Override
            public Long parse(String text) throws InvalidValueException {
                return bytes(this, text, 0, most);
            }

            @Override
            public String allowed() {
                return "0 to " + plain(most) + ", in bytes or with KiB, MiB, GiB, KB, MB, GB";
            }

            @Override
            public Object plain(Long value) {
                if (value == 0 || value % (1 << 10) != 0) {
                    return value;
                }
                if (value % (1 << 30) == 0) {
                    return (value >> 30) + "GiB";
                }
                return value % (1 << 20) == 0 ? (value >> 20) + "MiB" : (value >> 10) + "KiB";
            }
        }
        return new Memory(most);
    }

    private static long bytes(KeyType.OfText<?> type, String text, long least, long most)
            throws InvalidValueException {
        var parts = QUANTITY.matcher(text);
        Long unit =
                parts.matches() ? UNITS_OF_SIZE.get(parts.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw type.refused(text);
        }
        long number = Long.parseLong(parts.group(1));
        if (number > most / unit || number * unit < least) {
            throw type.refused(text);
        }
        return number * unit;
    }
}
