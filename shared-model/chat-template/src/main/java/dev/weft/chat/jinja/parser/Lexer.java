package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.characters.Chars;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, white space control included: {@code trim_blocks} takes a newline
 * after a block or comment, {@code lstrip_blocks} the blanks before one at the start of a line.
 */
final class Lexer {
    private static final Pattern RAW =
            Pattern.compile(
                    "\\{%([-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile(
                    "\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private final String source;
    private final Lines lines;
    private final List<TemplateToken> tokens = new ArrayList<>();
    private int at;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
        this.lines = new Lines(source);
    }

    /** Turns newlines into {@code \n} and drops one at the very end, as jinja2 does. */
    static List<TemplateToken> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.substring(at), at);
                at = source.length();
            } else {
                tag(tag);
            }
        }
        tokens.add(new TemplateToken(TemplateToken.Type.END, "", lines.position(source.length())));
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int tag) {
        String text = source.substring(at, tag);
        char kind = source.charAt(tag + 1);
        int next = tag + 2;
        char sign = next < source.length() ? source.charAt(next) : ' ';
        boolean signed = sign == '-' || sign == '+';
        data(stripped(text, sign, kind != '{'), at);
        Matcher raw = RAW.matcher(source).region(tag, source.length());
        if (kind == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        at = next + (signed ? 1 : 0);
        switch (kind) {
            case '#' -> comment(tag);
            case '%' ->
                    code(tag, TemplateToken.Type.BLOCK_BEGIN, TemplateToken.Type.BLOCK_END, "%}");
            default ->
                    code(
                            tag,
                            TemplateToken.Type.VARIABLE_BEGIN,
                            TemplateToken.Type.VARIABLE_END,
                            "}}");
        }
    }

    /** Text before a tag, without what the tag's sign or lstrip_blocks takes. */
    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            int end = text.length();
            while (end > 0 && Chars.isSpace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(0, end);
        }
        if (sign == '+' || !block) {
            return text;
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean blank = text.substring(line).chars().allMatch(Chars::isSpace);
        return (line > 0 || lineStarting) && blank ? text.substring(0, line) : text;
    }

    private void data(String text, int offset) {
        if (!text.isEmpty()) {
            tokens.add(new TemplateToken(TemplateToken.Type.DATA, text, lines.position(offset)));
        }
    }

    private void comment(int tag) {
        int close = source.indexOf("#}", at);
        if (close < 0) {
            throw lines.position(tag).fault("Missing end of comment tag");
        }
        char sign = close > at ? source.charAt(close - 1) : ' ';
        end(close + 2, sign, true);
    }

    private void raw(Matcher begin) {
        at = begin.end();
        lineStarting = source.charAt(at - 1) == '\n';
        Matcher close = END_RAW.matcher(source);
        if (!close.find(at)) {
            throw lines.position(begin.start()).fault("Missing end of raw directive");
        }
        String sign = String.valueOf(close.group(1));
        data(
                stripped(
                        source.substring(at, close.start()),
                        sign.isEmpty() ? ' ' : sign.charAt(0),
                        true),
                at);
        at = close.end();
        lineStarting = source.charAt(at - 1) == '\n';
    }

    private void code(int tag, TemplateToken.Type begin, TemplateToken.Type end, String close) {
        tokens.add(new TemplateToken(begin, source.substring(tag, at), lines.position(tag)));
        boolean block = begin == TemplateToken.Type.BLOCK_BEGIN;
        CodeLexer code = new CodeLexer(source, lines, tokens, close, block);
        int closed = code.run(at);
        tokens.add(new TemplateToken(end, close, lines.position(closed)));
        boolean signed = !source.startsWith(close, closed);
        end(closed + (signed ? 3 : 2), signed ? source.charAt(closed) : ' ', block);
    }

    /** Continues behind a tag: {@code -} takes all white space, trim_blocks one newline. */
    private void end(int behind, char sign, boolean block) {
        at = behind;
        if (sign == '-') {
            while (at < source.length() && Chars.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && block && source.startsWith("\n", at)) {
            at++;
        }
        lineStarting = source.charAt(at - 1) == '\n';
    }
}
