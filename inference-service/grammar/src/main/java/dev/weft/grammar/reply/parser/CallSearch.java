package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Looks for one call in a text. */
public final class CallSearch {
    /** Templates of Mistral write the id of an earlier call, which models don't. */
    private static final Pattern ID = Pattern.compile("\\s*,\\s*\"id\"\\s*:\\s*\"[^\"]*\"");

    private CallSearch() {}

    /** Whether a text has a call of a tool with some arguments, from its opening to its close. */
    public static boolean isIn(CallSyntax syntax, String text, String tool, JsonNode arguments) {
        for (Phrase opening : syntax.openings()) {
            for (int at = 0; at < text.length(); at++) {
                CallHead head =
                        CallHead.match(opening, syntax.call().between(), tool::equals, text, at);
                if (head.end() >= 0 && isClosed(syntax, text, head.end(), arguments)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isClosed(CallSyntax syntax, String text, int from, JsonNode arguments) {
        ArgumentReader reader = reader(syntax, arguments);
        StringBuilder json = new StringBuilder();
        int at = reader.read(text, from, json);
        if (!reader.done() || !isEqual(json.toString(), arguments)) {
            return false;
        }
        Matcher id = ID.matcher(text).region(at, text.length());
        at = syntax.call().close().match(text, id.lookingAt() ? id.end() : at);
        return at >= 0 && (closesAlone(syntax) || syntax.section().close().match(text, at) >= 0);
    }

    /**
     * Whether each call has marks of its own. Then the section's close may be missing: templates of
     * DeepSeek R1 write it behind a second call only.
     */
    private static boolean closesAlone(CallSyntax syntax) {
        return syntax.section().separator().isEmpty() && !syntax.call().close().isEmpty();
    }

    private static ArgumentReader reader(CallSyntax syntax, JsonNode arguments) {
        return switch (syntax.call().arguments()) {
            case CallSyntax.Arguments.Json() -> new JsonArgumentReader();
            case CallSyntax.Arguments.Named named ->
                    new NamedArgumentReader(named, syntax.call().close(), schema(arguments));
        };
    }

    /** A schema that says which arguments are not strings. */
    private static JsonNode schema(JsonNode arguments) {
        var properties = JsonNodeFactory.instance.objectNode();
        arguments
                .properties()
                .forEach(one ->
                        properties.putObject(one.getKey()).putArray("enum").add(one.getValue()));
        return JsonNodeFactory.instance.objectNode().set("properties", properties);
    }

    private static boolean isEqual(String json, JsonNode arguments) {
        try {
            return JsonMapper.shared().readTree(json).equals(arguments);
        } catch (JacksonException e) {
            return false;
        }
    }
}
