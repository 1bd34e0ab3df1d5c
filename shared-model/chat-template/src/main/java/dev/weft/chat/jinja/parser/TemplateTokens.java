package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.JinjaSyntaxException;
import java.util.List;

/** The tokens of a template, read from left to right, and the present depth of nesting. */
final class TemplateTokens {
    private static final int MAX_DEPTH = 200;

    private final List<TemplateToken> tokens;
    private int at;
    private int depth;

    TemplateTokens(List<TemplateToken> tokens) {
        this.tokens = tokens;
    }

    TemplateToken current() {
        return tokens.get(at);
    }

    TemplateToken ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    TemplateToken next() {
        TemplateToken token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    TemplateToken expect(TemplateToken.Type type, String described) {
        if (!current().is(type)) {
            throw unexpected(described);
        }
        return next();
    }

    TemplateToken expectOperator(String operator) {
        if (!current().isOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
        return next();
    }

    TemplateToken expectName(String name) {
        if (!current().isName(name)) {
            throw unexpected("'" + name + "'");
        }
        return next();
    }

    JinjaSyntaxException unexpected(String expected) {
        return current()
                .position()
                .fault("expected " + expected + ", got " + current().described());
    }

    /** Goes a level of nesting deeper; {@link #leave()} follows if parsing succeeds. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw current().position().fault("nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }
}
