package dev.weft.inference.server.http.request.rule;

import dev.weft.grammar.reply.Tag;
import dev.weft.grammar.reply.TagRule;
import dev.weft.inference.server.constraint.AnswerForm;
import dev.weft.inference.server.http.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads structural tags: vLLM's {@code {"structures": [{"begin", "schema", "end"}], "triggers":
 * [...]}}, and XGrammar's {@code triggered_tags} whose contents are JSON by a schema.
 */
final class TagReader {
    private static final int MOST = 1024;
    private static final String FORMAT = "an object of type triggered_tags";

    /** Characters of a trigger, and of all of them; marks of models have some dozen. */
    private static final int LONGEST_TRIGGER = 256;

    private static final int LONGEST_TRIGGERS = 16_384;

    /** Characters of a tag's beginning or end. */
    private static final int LONGEST_MARK = 1_024;

    private TagReader() {}

    /** The form that a structural tag describes. */
    static AnswerForm read(JsonFields tag) {
        JsonFields format = tag.object("format").orElse(null);
        TagRule rule = format == null ? structures(tag) : triggered(format);
        return new AnswerForm.Tags(rule, tag.object().toString());
    }

    private static TagRule structures(JsonFields from) {
        List<Tag> tags = new ArrayList<>();
        for (JsonFields one : list(from, "structures")) {
            tags.add(new Tag(text(one, "begin"), schema(one, "schema"), text(one, "end")));
        }
        return new TagRule(tags, triggers(from), false, true);
    }

    private static TagRule triggered(JsonFields format) {
        JsonNode type = format.required("type", FORMAT);
        if (!type.asString("").equals("triggered_tags")) {
            throw format.unsupported("type", "\"triggered_tags\"");
        }
        refuse(format, "excludes", "[]");
        List<Tag> tags = new ArrayList<>();
        for (JsonFields one : list(format, "tags")) {
            JsonFields content =
                    one.object("content")
                            .orElseThrow(() ->
                                    one.invalid(
                                            "content",
                                            one.object().path("content"),
                                            "an object of type json_schema"));
            if (!content.required("type", "\"json_schema\"").asString("").equals("json_schema")) {
                throw content.unsupported("type", "\"json_schema\"");
            }
            refuse(content, "style", "\"json\"");
            refuse(content, "excludes", "[]");
            refuse(content, "max_whitespace_cnt", "null");
            refuse(content, "any_order", "null");
            tags.add(new Tag(text(one, "begin"), schema(content, "json_schema"), text(one, "end")));
        }
        return new TagRule(
                tags,
                triggers(format),
                format.flag("at_least_one", false),
                !format.flag("stop_after_first", false));
    }

    /**
     * Refuses a field of XGrammar's that is not served, unless its value asks for what happens
     * anyway.
     */
    private static void refuse(JsonFields from, String name, String allowed) {
        JsonNode value = from.node(name);
        if (value != null && !value.toString().equals(allowed)) {
            throw from.unsupported(name, allowed + ", or leave it out");
        }
    }

    private static List<JsonFields> list(JsonFields from, String name) {
        JsonNode list = from.required(name, "a list of tags");
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            throw from.invalid(name, list, "a list of 1 to " + MOST + " tags");
        }
        List<JsonFields> all = new ArrayList<>();
        for (JsonNode one : list) {
            all.add(new JsonFields(one, from.path() + name + "[" + all.size() + "]."));
        }
        return all;
    }

    private static List<String> triggers(JsonFields from) {
        JsonNode list = from.required("triggers", "a list of texts");
        String allowed =
                "1 to %d texts, none of them empty or over %d characters, and %d in all"
                        .formatted(MOST, LONGEST_TRIGGER, LONGEST_TRIGGERS);
        if (!list.isArray()) {
            throw from.invalid("triggers", list, allowed);
        }
        List<String> triggers = new ArrayList<>();
        int characters = 0;
        for (JsonNode one : list) {
            String text = one.isString() ? one.stringValue() : "";
            characters += text.length();
            boolean right = !text.isEmpty() && text.length() <= LONGEST_TRIGGER;
            if (!right || triggers.size() == MOST || characters > LONGEST_TRIGGERS) {
                throw from.invalid("triggers", list, allowed);
            }
            triggers.add(text);
        }
        if (triggers.isEmpty()) {
            throw from.invalid("triggers", list, allowed);
        }
        return triggers;
    }

    private static String text(JsonFields from, String name) {
        String allowed = "a text that is not empty, of up to " + LONGEST_MARK + " characters";
        JsonNode text = from.required(name, allowed);
        String value = text.isString() ? text.stringValue() : "";
        if (value.isEmpty() || value.length() > LONGEST_MARK) {
            throw from.invalid(name, text, allowed);
        }
        return value;
    }

    private static JsonNode schema(JsonFields from, String name) {
        JsonNode schema = from.required(name, "a JSON Schema");
        if (!schema.isObject() && !schema.isBoolean()) {
            throw from.invalid(name, schema, "a JSON Schema");
        }
        return schema;
    }
}
