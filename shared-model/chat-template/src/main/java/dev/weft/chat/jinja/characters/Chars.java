package dev.weft.chat.jinja.characters;

/** Python's classes of characters, by code point. */
public final class Chars {
    /** First and last code points that have the numeric type Digit and are not decimal digits. */
    private static final int[] DIGITS = {
        0xB2, 0xB3, 0xB9, 0xB9, 0x1369, 0x1371, 0x19DA, 0x19DA, 0x2070, 0x2070, 0x2074, 0x2079,
        0x2080, 0x2089, 0x2460, 0x2468, 0x2474, 0x247C, 0x2488, 0x2490, 0x24EA, 0x24EA, 0x24F5,
        0x24FD, 0x24FF, 0x24FF, 0x2776, 0x277E, 0x2780, 0x2788, 0x278A, 0x2792, 0x10A40, 0x10A43,
        0x10E60, 0x10E68, 0x11052, 0x1105A, 0x1F100, 0x1F10A
    };

    private static final String CJK_NUMBERS = "一二三四五六七八九十百千万億兆两亿幺零壱壹弐貳贰参參叁肆伍陸陆柒捌玖拾陌佰仟萬廿卅卌";

    private Chars() {}

    /** {@code str.isspace}; strip() and split() take the same characters for white space. */
    public static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0D)
                || (c >= 0x1C && c <= 0x20)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** True if splitlines() ends a line here. */
    public static boolean isLineEnd(int c) {
        return (c >= 0x0A && c <= 0x0D)
                || (c >= 0x1C && c <= 0x1E)
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    /** True if repr() writes it unchanged. */
    public static boolean isPrintable(int c) {
        int type = Character.getType(c);
        return c == ' '
                || !(type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.SURROGATE
                        || type == Character.PRIVATE_USE
                        || type == Character.UNASSIGNED
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR
                        || type == Character.SPACE_SEPARATOR);
    }

    public static boolean isAlpha(int c) {
        return Character.isLetter(c);
    }

    public static boolean isDecimal(int c) {
        return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
    }

    public static boolean isDigit(int c) {
        if (isDecimal(c)) {
            return true;
        }
        for (int i = 0; i < DIGITS.length; i += 2) {
            if (c >= DIGITS[i] && c <= DIGITS[i + 1]) {
                return true;
            }
        }
        return false;
    }

    public static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || CJK_NUMBERS.indexOf(c) >= 0;
    }

    public static boolean isAlphanumeric(int c) {
        return isAlpha(c) || isNumeric(c);
    }

    /** True if the regular expression {@code \w} matches it. */
    public static boolean isWord(int c) {
        return c == '_' || isAlphanumeric(c);
    }

    /** True if it has case at all. */
    public static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    /** The character at the head of a title-cased word; more than one if Unicode says so. */
    public static String title(int c) {
        int title = Character.toTitleCase(c);
        if (title == c) {
            String upper = Character.toString(c).toUpperCase(java.util.Locale.ROOT);
            if (upper.codePointCount(0, upper.length()) > 1) {
                int head = upper.codePointAt(0);
                String rest = upper.substring(Character.charCount(head));
                return Character.toString(head) + rest.toLowerCase(java.util.Locale.ROOT);
            }
        }
        return Character.toString(title);
    }
}
