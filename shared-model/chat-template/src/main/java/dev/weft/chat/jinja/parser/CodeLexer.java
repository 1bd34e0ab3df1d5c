package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.characters.Chars;
import dev.weft.chat.jinja.value.Int;
import dev.weft.chat.jinja.value.Real;
import dev.weft.chat.jinja.value.Value;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads tokens between {@code {%} and {@code %}}, or {@code {{} and {@code }}}. */
final class CodeLexer {
    private static final Pattern FLOAT =
            Pattern.compile(
                    "(?<!\\.)(?:\\d+_)*+\\d+(?:(?:\\.(?:\\d+_)*+\\d+)?[eE][+-]?(?:\\d+_)*+\\d+"
                            + "|\\.(?:\\d+_)*+\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile(
                    "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+"
                            + "|[1-9](?:_?\\d)*+|0(?:_?0)*+");
    private static final List<String> OPERATORS =
            List.of(
                    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(",
                    ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final Lines lines;
    private final List<TemplateToken> tokens;
    private final String close;
    private final boolean block;
    private final Deque<String> open = new ArrayDeque<>();

    CodeLexer(String source, Lines lines, List<TemplateToken> tokens, String close, boolean block) {
        this.source = source;
        this.lines = lines;
        this.tokens = tokens;
        this.close = close;
        this.block = block;
    }

    /**
     * Adds the tokens from {@code from} on; returns the position of the closing tag (or of its
     * sign).
     */
    int run(int from) {
        int at = from;
        while (at < source.length()) {
            if (open.isEmpty() && closes(at)) {
                return at;
            }
            if (Chars.isSpace(source.codePointAt(at))) {
                at++;
            } else {
                at = token(at);
            }
        }
        throw lines.position(from).fault("Missing '" + close + "'");
    }

    private boolean closes(int at) {
        return source.startsWith(close, at)
                || source.startsWith("-" + close, at)
                || (block && source.startsWith("+" + close, at));
    }

    private int token(int at) {
        char c = source.charAt(at);
        if (c >= '0' && c <= '9') {
            return number(at);
        }
        int point = source.codePointAt(at);
        if (Character.isUnicodeIdentifierStart(point) || c == '_') {
            return name(at);
        }
        if (c == '\'' || c == '"') {
            return string(at, c);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                balance(operator, at);
                add(TemplateToken.Type.OPERATOR, operator, at);
                return at + operator.length();
            }
        }
        throw lines.position(at).fault("unexpected character '" + Character.toString(point) + "'");
    }

    private int number(int at) {
        Matcher real = FLOAT.matcher(source).region(at, source.length());
        real.useTransparentBounds(true);
        if (real.lookingAt()) {
            double number = Double.parseDouble(real.group().replace("_", ""));
            add(TemplateToken.Type.FLOAT, real.group(), new Real(number), at);
            return real.end();
        }
        Matcher integer = INTEGER.matcher(source).region(at, source.length());
        if (!integer.lookingAt()) {
            throw lines.position(at).fault("unexpected number");
        }
        String digits = integer.group().replace("_", "").toLowerCase(Locale.ROOT);
        if (digits.length() > 4300) {
            throw lines.position(at).fault("an integer of more than 4300 digits");
        }
        int radix =
                digits.startsWith("0x")
                        ? 16
                        : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        String plain = radix == 10 ? digits : digits.substring(2);
        add(TemplateToken.Type.INTEGER, digits, new Int(new BigInteger(plain, radix)), at);
        return integer.end();
    }

    private int name(int at) {
        int end = at;
        while (end < source.length()) {
            int point = source.codePointAt(end);
            if (!Character.isUnicodeIdentifierPart(point)
                    || Character.isIdentifierIgnorable(point)) {
                break;
            }
            end += Character.charCount(point);
        }
        add(TemplateToken.Type.NAME, source.substring(at, end), at);
        return end;
    }

    private int string(int at, char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw lines.position(at).fault("a string without its end");
        }
        String text = Escapes.decode(source.substring(at + 1, end), lines.position(at));
        add(TemplateToken.Type.STRING, text, at);
        return end + 1;
    }

    private void balance(String operator, int at) {
        switch (operator) {
            case "{" -> open.push("}");
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "}", ")", "]" -> {
                if (open.isEmpty()) {
                    throw lines.position(at).fault("unexpected '" + operator + "'");
                }
                String expected = open.pop();
                if (!expected.equals(operator)) {
                    throw lines.position(at)
                            .fault("unexpected '" + operator + "', expected '" + expected + "'");
                }
            }
            default -> {}
        }
    }

    private void add(TemplateToken.Type type, String text, int at) {
        tokens.add(new TemplateToken(type, text, lines.position(at)));
    }

    private void add(TemplateToken.Type type, String text, Value value, int at) {
        tokens.add(new TemplateToken(type, text, value, lines.position(at)));
    }
}
