package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.TemplatePosition;
import dev.weft.chat.jinja.value.None;
import dev.weft.chat.jinja.value.Value;

/**
 * A piece of a template.
 *
 * @param text as written; for DATA and STRING the value
 * @param value of numbers, else None
 */
record TemplateToken(Type type, String text, Value value, TemplatePosition position) {
    enum Type {
        DATA,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    TemplateToken(Type type, String text, TemplatePosition position) {
        this(type, text, None.NONE, position);
    }

    boolean is(Type wanted) {
        return type == wanted;
    }

    boolean isName(String name) {
        return type == Type.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return type == Type.OPERATOR && text.equals(operator);
    }

    /** The description for messages. */
    String described() {
        return switch (type) {
            case DATA -> "template text";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
        };
    }
}
