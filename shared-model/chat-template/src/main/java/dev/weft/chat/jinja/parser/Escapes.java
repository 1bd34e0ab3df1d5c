package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.TemplatePosition;

/**
 * The value of a string literal. jinja2 writes characters that are not ASCII as escapes and decodes
 * with Python's {@code unicode-escape}, so a backslash before such a character keeps the escape's
 * text.
 */
final class Escapes {
    private final String text;
    private final TemplatePosition position;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private Escapes(String text, TemplatePosition position) {
        this.text = text;
        this.position = position;
    }

    static String decode(String text, TemplatePosition position) {
        return text.indexOf('\\') < 0 ? text : new Escapes(text, position).run();
    }

    private String run() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                escape();
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void escape() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append((char) c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> out.append('\\').append(c < 0x80 ? Character.toString(c) : escaped(c));
        }
    }

    private static String escaped(int c) {
        return c < 0x100
                ? String.format("x%02x", c)
                : c < 0x10000 ? String.format("u%04x", c) : String.format("U%08x", c);
    }

    private void hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || text.charAt(at) >= 0x80) {
                throw position.fault("a string with a truncated escape");
            }
            value = value * 16 + digit;
            at++;
        }
        if (!Character.isValidCodePoint(value)) {
            throw position.fault("a string with an illegal Unicode character");
        }
        out.appendCodePoint(value);
    }

    private void octal() {
        int value = text.charAt(at - 1) - '0';
        for (int i = 0; i < 2 && at < text.length(); i++) {
            char c = text.charAt(at);
            if (c < '0' || c > '7') {
                break;
            }
            value = value * 8 + c - '0';
            at++;
        }
        out.appendCodePoint(value);
    }

    private void named() {
        int close = text.indexOf('}', at);
        if (!text.startsWith("{", at) || close < 0) {
            throw position.fault("a string with a malformed \\N character escape");
        }
        try {
            out.appendCodePoint(Character.codePointOf(text.substring(at + 1, close)));
        } catch (IllegalArgumentException e) {
            throw position.fault(
                    "a string with the unknown character name " + text.substring(at + 1, close));
        }
        at = close + 1;
    }
}
