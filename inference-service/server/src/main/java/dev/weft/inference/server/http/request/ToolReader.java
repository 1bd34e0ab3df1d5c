package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.inference.server.constraint.StrictSchema;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.json.JsonValues;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads {@code tools}, {@code tool_choice} and {@code parallel_tool_calls} of a chat. */
final class ToolReader {
    private static final int MOST_TOOLS = 1024;
    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";
    private static final String FORM = "{\"type\":\"function\",\"function\":{\"name\":...}}";
    private static final String CHOICES =
            "\"none\", \"auto\", \"required\", " + FORM + " or {\"type\":\"allowed_tools\",...}";

    /** The schema of a function without {@code parameters}: it has none, as OpenAI says. */
    private static final JsonNode NO_PARAMETERS =
            JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "object")
                    .put("additionalProperties", false);

    private final JsonFields fields;
    private final Map<String, Tool> known = new LinkedHashMap<>();
    private final List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    private final Map<String, String> schemaFields = new HashMap<>();

    private ToolReader(JsonFields fields) {
        this.fields = fields;
    }

    static AskedTools read(JsonFields fields) {
        ToolReader reader = new ToolReader(fields);
        reader.tools();
        return reader.asked();
    }

    private void tools() {
        JsonNode tools = fields.node(TOOLS);
        if (tools == null) {
            return;
        }
        if (!tools.isArray() || tools.size() > MOST_TOOLS) {
            throw fields.invalid(TOOLS, tools, "a list of up to " + MOST_TOOLS + " tools");
        }
        for (JsonNode tool : tools) {
            add(tool, TOOLS + "[" + shown.size() + "]");
        }
    }

    private void add(JsonNode node, String path) {
        if (!node.path("function").path("name").isString()
                || !node.path("type").asString("function").equals("function")) {
            throw fields.invalid(path, node, FORM);
        }
        JsonFields function = new JsonFields(node.path("function"), path + ".function.");
        String name = node.path("function").path("name").stringValue();
        if (!CallSyntax.isName(name)) {
            throw function.invalid(
                    "name",
                    node.path("function").path("name"),
                    "letters, digits and _.:/-, 128 at most");
        }
        JsonNode parameters = function.node("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw function.invalid("parameters", parameters, "a JSON Schema, an object");
        }
        boolean strict = function.flag("strict", false);
        Tool tool = new Tool(name, parameters == null ? NO_PARAMETERS : parameters, strict);
        if (known.putIfAbsent(name, tool) != null) {
            throw function.invalid(
                    "name", node.path("function").path("name"), "a name that no other tool has");
        }
        String schemaField = path + ".function.parameters";
        schemaFields.put(name, schemaField);
        if (strict) {
            StrictSchema.fault(tool.parameters())
                    .ifPresent(fault -> {
                        throw new ApiException(
                                ErrorCode.INVALID_FUNCTION_PARAMETERS,
                                "Invalid schema for function '" + name + "': " + fault,
                                schemaField);
                    });
        }
        shown.add(new LinkedHashMap<>(JsonValues.map(node)));
    }

    private AskedTools asked() {
        boolean several = fields.flag("parallel_tool_calls", true);
        JsonNode choice = fields.node(CHOICE);
        if (choice == null) {
            return asked(AskedTools.Choice.AUTO, known.keySet(), several);
        }
        if (choice.isString()) {
            return switch (choice.stringValue()) {
                case "none" -> AskedTools.NONE;
                case "auto" -> asked(AskedTools.Choice.AUTO, known.keySet(), several);
                case "required" -> forced(AskedTools.Choice.REQUIRED, known.keySet(), several);
                default -> throw fields.invalid(CHOICE, choice, CHOICES);
            };
        }
        return switch (choice.path("type").asString("")) {
            case "function" ->
                    forced(AskedTools.Choice.NAMED, Set.of(named(choice, CHOICE)), several);
            case "allowed_tools" -> allowed(choice, several);
            default -> throw fields.invalid(CHOICE, choice, CHOICES);
        };
    }

    private AskedTools allowed(JsonNode choice, boolean several) {
        String path = CHOICE + ".allowed_tools";
        JsonNode allowed = choice.path("allowed_tools");
        Set<String> names = new LinkedHashSet<>();
        int at = 0;
        for (JsonNode one : allowed.path(TOOLS)) {
            names.add(named(one, path + ".tools[" + at++ + "]"));
        }
        if (names.isEmpty()) {
            throw fields.invalid(path + ".tools", allowed.path(TOOLS), "a list of " + FORM);
        }
        return switch (allowed.path("mode").asString("")) {
            case "auto" -> asked(AskedTools.Choice.AUTO, names, several);
            case "required" -> forced(AskedTools.Choice.REQUIRED, names, several);
            default ->
                    throw fields.invalid(
                            path + ".mode", allowed.path("mode"), "\"auto\" or \"required\"");
        };
    }

    private String named(JsonNode node, String path) {
        JsonFields function = new JsonFields(node.path("function"), path + ".function.");
        String allowed =
                known.isEmpty() ? "only with tools" : "the name of one of the request's tools";
        JsonNode name = function.required("name", allowed);
        if (!name.isString() || !known.containsKey(name.stringValue())) {
            throw function.invalid("name", name, allowed);
        }
        return name.stringValue();
    }

    private AskedTools forced(AskedTools.Choice choice, Set<String> names, boolean several) {
        if (known.isEmpty()) {
            throw fields.invalid(CHOICE, fields.object().path(CHOICE), "only with tools");
        }
        return asked(choice, names, several);
    }

    private AskedTools asked(AskedTools.Choice choice, Set<String> names, boolean several) {
        List<Tool> callable =
                known.values().stream().filter(tool -> names.contains(tool.name())).toList();
        return known.isEmpty()
                ? AskedTools.NONE
                : new AskedTools(shown, callable, schemaFields, choice, several);
    }
}
