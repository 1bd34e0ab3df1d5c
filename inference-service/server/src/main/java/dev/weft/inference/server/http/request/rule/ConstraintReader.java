package dev.weft.inference.server.http.request.rule;

import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.schema.ExactDecimals;
import dev.weft.inference.engine.constraint.GuideRules;
import dev.weft.inference.server.constraint.AnswerForm;
import dev.weft.inference.server.constraint.AnswerRule;
import dev.weft.inference.server.constraint.GuidedAnswers;
import dev.weft.inference.server.constraint.StrictSchema;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the form that a request asks its answers to have: OpenAI's {@code response_format}, vLLM's
 * {@code structured_outputs}, and its older {@code guided_json}, {@code guided_regex}, {@code
 * guided_choice}, {@code guided_grammar} and {@code structural_tag}. A request has one of them at
 * most.
 *
 * @param served whether the engine can constrain all answers
 * @param guides which answers it can be told to give, if it can't constrain all; null for none
 */
public record ConstraintReader(boolean served, @Nullable GuideRules guides) {
    private static final String RESPONSE_FORMAT = "response_format";
    private static final String COMPLETE = "complete";
    private static final String STRUCTURED = "structured_outputs";

    /** The older fields, and the names of the same in {@link #STRUCTURED}. */
    private static final Map<String, String> GUIDED =
            Map.of(
                    "guided_json", "json",
                    "guided_regex", "regex",
                    "guided_choice", "choice",
                    "guided_grammar", "grammar",
                    "structural_tag", "structural_tag");

    private static final List<String> FORMS =
            List.of("json", "regex", "choice", "grammar", "json_object", "structural_tag");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final int MOST_CHOICES = 10_000;

    /**
     * Characters of a schema's text, far more than any has. Its tree takes memory that the body's
     * bytes don't show.
     */
    private static final int LONGEST_TEXT = 1_000_000;

    private static final String TYPES =
            "\"text\", \"json_object\", \"json_schema\" or \"structural_tag\"";

    /** The form that answers have to have; empty for any text. */
    public Optional<AnswerRule> read(JsonFields fields) {
        List<String> given = new ArrayList<>();
        for (String name : fields.object().propertyNames()) {
            boolean known =
                    name.equals(RESPONSE_FORMAT)
                            || name.equals(STRUCTURED)
                            || GUIDED.containsKey(name);
            if (known && fields.has(name) && !isText(fields, name)) {
                given.add(name);
            }
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String name = given.getFirst();
        if (given.size() > 1) {
            throw fault(
                    "'%s' and '%s' can't be used together: each says what the answer is to be"
                            .formatted(name, given.get(1)),
                    given.get(1));
        }
        if (!served && guides == null) {
            throw fields.unsupported(
                    name,
                    (name.equals(RESPONSE_FORMAT) ? "{\"type\":\"text\"}" : "leave it out")
                            + "; this worker's engine can't constrain answers");
        }
        AnswerRule rule =
                switch (name) {
                    case RESPONSE_FORMAT -> responseFormat(fields);
                    case STRUCTURED -> structured(fields);
                    default -> rule(form(fields, name, GUIDED.getOrDefault(name, name)), name);
                };
        if (!served && guides != null) {
            GuidedAnswers.check(rule, guides);
        }
        return Optional.of(rule);
    }

    /**
     * {@code complete}: whether answers have to end within the tokens that they may have.
     *
     * @param held whether the request asks for a form of answers, or has tools that a reply may
     *     call
     */
    public boolean complete(JsonFields fields, boolean held) {
        boolean complete = fields.flag(COMPLETE, false);
        if (complete && !served) {
            throw fields.unsupported(
                    COMPLETE, "false; this worker's engine can't constrain answers");
        }
        if (complete && !held) {
            throw fault(
                    "Invalid value for 'complete': true; allowed: only with response_format,"
                            + " structured_outputs or tools, which say what is complete",
                    COMPLETE);
        }
        return complete;
    }

    private static boolean isText(JsonFields fields, String name) {
        return name.equals(RESPONSE_FORMAT)
                && fields.object().path(name).path("type").asString("").equals("text");
    }

    private static AnswerRule responseFormat(JsonFields fields) {
        JsonFields format = fields.object(RESPONSE_FORMAT).orElseThrow();
        JsonNode type = format.required("type", TYPES);
        return switch (type.asString("")) {
            case "json_object" -> rule(new AnswerForm.AnyObject(), RESPONSE_FORMAT);
            case "json_schema" -> namedSchema(format);
            case "structural_tag" -> rule(TagReader.read(format), RESPONSE_FORMAT);
            default -> throw format.invalid("type", type, TYPES);
        };
    }

    private static AnswerRule namedSchema(JsonFields format) {
        format.required("json_schema", "an object with name and schema");
        JsonFields named = format.object("json_schema").orElseThrow();
        String allowed = "letters, digits, underscores and dashes, 64 at most";
        JsonNode name = named.required("name", allowed);
        if (!name.isString() || !NAME.matcher(name.stringValue()).matches()) {
            throw named.invalid("name", name, allowed);
        }
        named.text("description");
        boolean strict = named.flag("strict", false);
        JsonNode schema = named.required("schema", "a JSON Schema");
        if (!schema.isObject()) {
            throw named.invalid("schema", schema, "a JSON Schema, an object");
        }
        String subject = "Invalid schema for response_format '" + name.stringValue() + "'";
        if (strict) {
            StrictSchema.fault(schema)
                    .ifPresent(fault -> {
                        throw fault(subject + ": " + fault, RESPONSE_FORMAT);
                    });
        }
        return new AnswerRule(
                new AnswerForm.Schema(schema),
                GrammarOptions.Whitespace.BOUNDED,
                strict ? GrammarOptions.KeyOrder.DECLARED : GrammarOptions.KeyOrder.ANY,
                GrammarOptions.Numbers.TYPED,
                RESPONSE_FORMAT,
                subject);
    }

    private static AnswerRule structured(JsonFields fields) {
        JsonFields asked = fields.object(STRUCTURED).orElseThrow();
        if (asked.has("whitespace_pattern")) {
            throw asked.unsupported("whitespace_pattern", "leave it out");
        }
        List<String> given = FORMS.stream().filter(asked::has).toList();
        if (given.size() != 1) {
            throw fault(
                    "Invalid value for '%s': it has %s; allowed: exactly one of %s"
                            .formatted(
                                    STRUCTURED,
                                    given.isEmpty() ? "none" : String.join(" and ", given),
                                    String.join(", ", FORMS)),
                    STRUCTURED);
        }
        AnswerForm form = form(asked, given.getFirst(), given.getFirst());
        if (asked.flag("disable_additional_properties", false)) {
            form = withoutAdditional(asked, form);
        }
        AnswerRule rule = rule(form, STRUCTURED + "." + given.getFirst());
        return asked.flag("disable_any_whitespace", false)
                ? new AnswerRule(
                        rule.form(),
                        GrammarOptions.Whitespace.NONE,
                        rule.keyOrder(),
                        rule.numbers(),
                        rule.field(),
                        rule.subject())
                : rule;
    }

    private static AnswerRule rule(AnswerForm form, String field) {
        return new AnswerRule(
                form,
                GrammarOptions.Whitespace.BOUNDED,
                GrammarOptions.KeyOrder.ANY,
                GrammarOptions.Numbers.ANY,
                field,
                "Invalid value for '" + field + "'");
    }

    private static AnswerForm form(JsonFields fields, String field, String kind) {
        return switch (kind) {
            case "json" -> new AnswerForm.Schema(schema(fields, field));
            case "regex" -> new AnswerForm.Regex(fields.text(field).orElseThrow());
            case "choice" -> new AnswerForm.Choice(choices(fields, field));
            case "grammar" -> new AnswerForm.Rules(fields.text(field).orElseThrow());
            case "json_object" -> anyObject(fields, field);
            case "structural_tag" -> TagReader.read(tag(fields, field));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** A structural tag, or the text of one. */
    private static JsonFields tag(JsonFields fields, String field) {
        JsonNode value = fields.required(field, "a structural tag");
        JsonNode tag = value.isString() ? parsed(value.stringValue()) : value;
        if (tag == null || !tag.isObject()) {
            throw fields.invalid(field, value, "an object with structures and triggers");
        }
        return new JsonFields(tag, fields.path() + field + ".");
    }

    private static AnswerForm anyObject(JsonFields fields, String field) {
        if (!fields.flag(field, true)) {
            throw fields.invalid(field, fields.object().path(field), "true, or leave it out");
        }
        return new AnswerForm.AnyObject();
    }

    /** A schema, or the text of one. */
    private static JsonNode schema(JsonFields fields, String field) {
        JsonNode value = fields.required(field, "a JSON Schema");
        JsonNode schema = value.isString() ? parsed(value.stringValue()) : value;
        if (schema == null || !(schema.isObject() || schema.isBoolean())) {
            throw fields.invalid(
                    field,
                    value,
                    "a JSON Schema, or the text of one of up to " + LONGEST_TEXT + " characters");
        }
        return schema;
    }

    private static @Nullable JsonNode parsed(String text) {
        if (text.length() > LONGEST_TEXT) {
            return null;
        }
        try {
            return ExactDecimals.tree(JsonMapper.shared(), text);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static List<String> choices(JsonFields fields, String field) {
        JsonNode value = fields.required(field, "a list of strings");
        String allowed = "a list of 1 to " + MOST_CHOICES + " strings, none of them empty";
        if (!value.isArray() || value.isEmpty() || value.size() > MOST_CHOICES) {
            throw fields.invalid(field, value, allowed);
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value) {
            if (!one.isString() || one.stringValue().isEmpty()) {
                throw fields.invalid(field + "[" + texts.size() + "]", one, allowed);
            }
            texts.add(one.stringValue());
        }
        return texts;
    }

    private static AnswerForm withoutAdditional(JsonFields asked, AnswerForm form) {
        return switch (form) {
            case AnswerForm.Schema(JsonNode schema, String _) -> ClosedSchema.form(schema);
            case AnswerForm.Tags _ ->
                    throw asked.unsupported(
                            "disable_additional_properties",
                            "set additionalProperties in the schemas of the tags");
            default -> form;
        };
    }

    private static ApiException fault(String message, String param) {
        return new ApiException(ErrorCode.INVALID_VALUE, message, param);
    }
}
