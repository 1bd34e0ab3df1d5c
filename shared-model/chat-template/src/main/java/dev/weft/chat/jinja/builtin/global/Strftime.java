package dev.weft.chat.jinja.builtin.global;

import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.characters.Out;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's {@code datetime.strftime} of a time without a zone, like glibc in the C locale. */
final class Strftime {
    /** Steps of a directive: names of days and months, and weeks of the year, take that long. */
    private static final int DIRECTIVE_STEPS = 50;

    private static final String FLAGS = "-_0^#";

    private final ZonedDateTime time;
    private final String format;
    private final Out out = new Out();

    private Strftime(ZonedDateTime time, String format) {
        this.time = time;
        this.format = format;
    }

    static String format(ZonedDateTime time, String format) {
        return new Strftime(time, format).run();
    }

    private String run() {
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%' || at == format.length()) {
                out.append(c);
                continue;
            }
            int start = at;
            char flag = FLAGS.indexOf(format.charAt(at)) >= 0 ? format.charAt(at++) : ' ';
            if (at == format.length()) {
                out.append(format.substring(start - 1));
                break;
            }
            char directive = format.charAt(at++);
            Budget.steps(DIRECTIVE_STEPS);
            String text = directive(directive, flag);
            out.append(text == null ? format.substring(start - 1, at) : text);
        }
        return out.toString();
    }

    private @Nullable String directive(char directive, char flag) {
        String number = number(directive, flag);
        if (number != null) {
            return number;
        }
        String text = text(directive);
        if (text == null) {
            return null;
        }
        if (flag == '^') {
            return text.toUpperCase(Locale.ROOT);
        }
        if (flag == '#') {
            return directive == 'p' ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
        }
        return text;
    }

    private @Nullable String number(char directive, char flag) {
        int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (directive) {
            case 'C' -> padded(time.getYear() / 100, 2, '0', flag);
            case 'd' -> padded(time.getDayOfMonth(), 2, '0', flag);
            case 'e' -> padded(time.getDayOfMonth(), 2, ' ', flag);
            case 'f' -> padded(time.get(ChronoField.MICRO_OF_SECOND), 6, '0', ' ');
            case 'H' -> padded(time.getHour(), 2, '0', flag);
            case 'I' -> padded(hour12, 2, '0', flag);
            case 'k' -> padded(time.getHour(), 2, ' ', flag);
            case 'l' -> padded(hour12, 2, ' ', flag);
            case 'M' -> padded(time.getMinute(), 2, '0', flag);
            case 'm' -> padded(time.getMonthValue(), 2, '0', flag);
            case 'S' -> padded(time.getSecond(), 2, '0', flag);
            case 's' -> Long.toString(time.toEpochSecond());
            case 'Y' -> padded(time.getYear(), 1, '0', flag);
            case 'y' -> padded(time.getYear() % 100, 2, '0', flag);
            default -> weekNumber(directive, flag);
        };
    }

    /** A directive for days and weeks of the year. */
    private @Nullable String weekNumber(char directive, char flag) {
        int isoYear = time.get(IsoFields.WEEK_BASED_YEAR);
        int fromSunday = time.getDayOfWeek().getValue() % 7;
        int fromMonday = time.getDayOfWeek().getValue() - 1;
        int day = time.getDayOfYear();
        return switch (directive) {
            case 'G' -> padded(isoYear, 4, '0', flag);
            case 'g' -> padded(isoYear % 100, 2, '0', flag);
            case 'j' -> padded(day, 3, '0', flag);
            case 'U' -> padded((day + 6 - fromSunday) / 7, 2, '0', flag);
            case 'u' -> Integer.toString(fromMonday + 1);
            case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
            case 'W' -> padded((day + 6 - fromMonday) / 7, 2, '0', flag);
            case 'w' -> Integer.toString(fromSunday);
            default -> null;
        };
    }

    private static String padded(int number, int width, char usual, char flag) {
        String digits = Integer.toString(number);
        char fill = flag == '0' ? '0' : flag == '_' ? ' ' : usual;
        return flag == '-' || digits.length() >= width
                ? digits
                : String.valueOf(fill).repeat(width - digits.length()) + digits;
    }

    private @Nullable String text(char directive) {
        return switch (directive) {
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' ->
                    time.getDayOfWeek()
                            .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                            .substring(0, 3);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' ->
                    time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
            case 'D', 'x' -> format(time, "%m/%d/%y");
            case 'F' -> format(time, "%Y-%m-%d");
            case 'n' -> "\n";
            case 'P' -> time.getHour() < 12 ? "am" : "pm";
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'R' -> format(time, "%H:%M");
            case 'r' -> format(time, "%I:%M:%S %p");
            case 'T', 'X' -> format(time, "%H:%M:%S");
            case 't' -> "\t";
            case 'Z', 'z' -> "";
            case '%' -> "%";
            default -> null;
        };
    }
}
