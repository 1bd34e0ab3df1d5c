package dev.weft.grammar.reply.template;

import tools.jackson.databind.JsonNode;

/**
 * A field of a response template.
 *
 * @param name its name in the template
 */
record TemplateField(String name, JsonNode node) {
    /** Shorter marks would be in many texts. */
    private static final int SHORTEST_MARK = 3;

    private static final int LONGEST_MARK = 256;

    boolean has(String key) {
        return !node.path(key).isMissingNode() && !node.path(key).isNull();
    }

    String text(String key) {
        return node.path(key).asString("");
    }

    /** A fixed text, without the whitespace around it, which models write as they like. */
    String mark(String key) throws UnreadTemplateException {
        JsonNode value = node.path(key);
        JsonNode only = value.isArray() && value.size() == 1 ? value.path(0) : value;
        if (!only.isString()) {
            throw unread(key, has(key) ? "several texts" : "no fixed text");
        }
        String mark = only.stringValue().strip();
        if (mark.length() < SHORTEST_MARK
                || mark.length() > LONGEST_MARK
                || mark.chars().anyMatch(Character::isWhitespace)) {
            throw unread(key, "'" + mark + "' can't be told from other text");
        }
        return mark;
    }

    UnreadTemplateException unread(String key, String what) {
        return new UnreadTemplateException("fields." + name + "." + key, what);
    }
}
