package dev.weft.grammar.reply.template;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Thought;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code response_template} of Hugging Face's tokenizer_config.json (transformers 5.13 and
 * later) says of replies. It says how to read replies, not how to write them, so a template counts
 * only if its marks are fixed texts, and its calls are JSON or one of the {@linkplain CallSyntaxes
 * known formats}.
 *
 * @param calls how calls are written; null if it says nothing of them
 * @param thought how thoughts are marked; null if it says nothing of them
 */
public record ResponseTemplate(@Nullable CallSyntax calls, @Nullable Thought thought) {
    private static final int VERSION = 1;

    /** Names that templates give to what a model thinks. */
    private static final Set<String> THOUGHTS =
            Set.of("thinking", "reasoning", "reasoning_content");

    private static final List<String> OPENINGS = List.of("open", "open_pattern");

    /**
     * Reads a template.
     *
     * @throws UnreadTemplateException names the field that says more than Weft can hold replies to
     */
    public static ResponseTemplate of(JsonNode template) throws UnreadTemplateException {
        JsonNode fields = template.path("fields");
        if (!fields.isObject() || fields.isEmpty()) {
            throw new UnreadTemplateException("fields", "no object with fields");
        }
        if (template.path("version").asInt(VERSION) != VERSION) {
            throw new UnreadTemplateException("version", "not " + VERSION);
        }
        CallSyntax calls = null;
        Thought thought = null;
        for (var field : fields.properties()) {
            String name = field.getKey();
            if (THOUGHTS.contains(name)) {
                thought = thought(new TemplateField(name, field.getValue()));
            } else if (name.equals("tool_calls")) {
                calls = new TemplateCalls(new TemplateField(name, field.getValue())).syntax();
            } else if (!name.equals("content")) {
                throw new UnreadTemplateException("fields." + name, "unknown");
            } else if (OPENINGS.stream().anyMatch(field.getValue()::has)) {
                throw new UnreadTemplateException(
                        "fields.content", "answers stand between marks of their own");
            }
        }
        return new ResponseTemplate(calls, thought);
    }

    private static Thought thought(TemplateField field) throws UnreadTemplateException {
        return new Thought(field.mark("open"), field.mark("close"), false);
    }
}
