package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.constraint.GuideException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a schema, keyword by keyword, and writes it anew with only the checked ones. XGrammar
 * (json_schema_converter.cc of 0.1.25 to 0.1.32, in strict mode as TensorRT-LLM has it) takes the
 * first of $ref, const, enum, anyOf and type and ignores the keywords beside it, takes oneOf for
 * anyOf, and lets open objects repeat their keys. It enforces the schema that is written here, with
 * keys in the schema's order.
 */
final class GuidedSchema {
    /** A grammar is compiled within a step that all requests share. */
    private static final int MOST_CHARACTERS = 65_536;

    private static final int DEEPEST = 50;
    private static final int MOST_ITEMS = 1_000;
    private static final int MOST_VALUES = 1_000;

    /** Keywords that say nothing about what is valid. */
    private static final Set<String> NOTES =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "$comment",
                    "$schema");

    private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");
    private static final Set<String> SCALARS =
            Set.of("string", "integer", "number", "boolean", "null");
    private static final Pattern LOCAL =
            Pattern.compile("#/(\\$defs|definitions)/([A-Za-z0-9_.-]{1,128})");

    /** Keys that XGrammar writes into its grammar unescaped. */
    private static final Pattern KEY = Pattern.compile("[ !#-\\[\\]-~]{1,256}");

    private final JsonNode root;
    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    private GuidedSchema(JsonNode root) {
        this.root = root;
    }

    static String text(String json) throws GuideException {
        JsonNode root = JsonMapper.shared().readTree(json);
        GuidedSchema schema = new GuidedSchema(root);
        ObjectNode written = schema.schema(root, "", new LinkedHashSet<>(), 0);
        schema.definitions.forEach((reference, definition) -> {
            Matcher name = LOCAL.matcher(reference);
            if (name.matches()) {
                written.withObjectProperty(name.group(1)).set(name.group(2), definition);
            }
        });
        String text = written.toString();
        if (text.length() > MOST_CHARACTERS) {
            throw new GuideException(
                    "",
                    "",
                    "it has %d characters; allowed: %d, as other requests wait while it is compiled"
                            .formatted(text.length(), MOST_CHARACTERS));
        }
        return text;
    }

    /**
     * Returns the checked keywords of a schema.
     *
     * @param references the references that led to it, without a value between them
     */
    private ObjectNode schema(JsonNode node, String pointer, Set<String> references, int depth)
            throws GuideException {
        if (!node.isObject()) {
            throw refused(pointer, "", "a schema that is true or false");
        }
        if (depth > DEEPEST) {
            throw refused(pointer, "", "schemas over " + DEEPEST + " deep");
        }
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        if (node.has("$ref")) {
            alone(node, pointer, Set.of("$ref"));
            written.put("$ref", reference(node.path("$ref"), pointer, references, depth));
        } else if (node.has("const")) {
            alone(node, pointer, Set.of("const", "type"));
            value(node.path("const"), node.path("type"), pointer, "const");
            written.set("const", node.path("const"));
        } else if (node.has("enum")) {
            alone(node, pointer, Set.of("enum", "type"));
            written.set("enum", values(node, pointer));
        } else if (node.has("anyOf")) {
            alone(node, pointer, Set.of("anyOf"));
            written.set("anyOf", choices(node.path("anyOf"), pointer, references, depth));
        } else {
            typed(node, pointer, depth, written);
        }
        return written;
    }

    private void typed(JsonNode node, String pointer, int depth, ObjectNode written)
            throws GuideException {
        JsonNode type = node.path("type");
        if (type.isArray() && !type.isEmpty()) {
            alone(node, pointer, Set.of("type"));
            for (JsonNode one : type) {
                if (!SCALARS.contains(one.asString(""))) {
                    throw refused(pointer, "type", "a list with types of containers");
                }
            }
            written.set("type", type);
            return;
        }
        String name = type.asString("");
        written.put("type", name);
        if (name.equals("object")) {
            object(node, pointer, depth, written);
        } else if (name.equals("array")) {
            array(node, pointer, depth, written);
        } else if (SCALARS.contains(name)) {
            alone(node, pointer, Set.of("type"));
        } else {
            alone(node, pointer, Set.of("type"));
            throw refused(pointer, "type", "a schema without a type");
        }
    }

    private void object(JsonNode node, String pointer, int depth, ObjectNode written)
            throws GuideException {
        alone(node, pointer, Set.of("type", "properties", "required", "additionalProperties"));
        JsonNode additional = node.path("additionalProperties");
        if (!additional.isMissingNode() && !(additional.isBoolean() && !additional.asBoolean())) {
            throw refused(
                    pointer,
                    "additionalProperties",
                    "an object whose keys are open: it may repeat them");
        }
        if (!node.path("properties").isObject()) {
            throw refused(pointer, "properties", "an object without its keys");
        }
        ObjectNode properties = written.putObject("properties");
        for (Map.Entry<String, JsonNode> one : node.path("properties").properties()) {
            String at = pointer + "/properties/" + escaped(one.getKey());
            if (!KEY.matcher(one.getKey()).matches()) {
                throw refused(at, "", "a key that is not plain ASCII");
            }
            properties.set(
                    one.getKey(), schema(one.getValue(), at, new LinkedHashSet<>(), depth + 1));
        }
        ArrayNode required = written.putArray("required");
        for (JsonNode key : node.path("required")) {
            if (!key.isString() || !properties.has(key.stringValue())) {
                throw refused(pointer, "required", "a key that is not one of the properties");
            }
            required.add(key);
        }
        written.put("additionalProperties", false);
    }

    private void array(JsonNode node, String pointer, int depth, ObjectNode written)
            throws GuideException {
        alone(node, pointer, Set.of("type", "items", "minItems", "maxItems"));
        if (!node.has("items")) {
            throw refused(pointer, "items", "a list of anything");
        }
        written.set(
                "items",
                schema(node.path("items"), pointer + "/items", new LinkedHashSet<>(), depth + 1));
        int least = 0;
        for (String bound : List.of("minItems", "maxItems")) {
            JsonNode count = node.path(bound);
            if (count.isMissingNode()) {
                continue;
            }
            if (!count.isInt() || count.intValue() < least || count.intValue() > MOST_ITEMS) {
                throw refused(
                        pointer, bound, "a bound that is not from " + least + " to " + MOST_ITEMS);
            }
            least = count.intValue();
            written.set(bound, count);
        }
    }

    private ArrayNode choices(JsonNode choices, String pointer, Set<String> references, int depth)
            throws GuideException {
        if (!choices.isArray() || choices.isEmpty()) {
            throw refused(pointer, "anyOf", "no list of schemas");
        }
        ArrayNode written = JsonNodeFactory.instance.arrayNode();
        for (JsonNode choice : choices) {
            String at = pointer + "/anyOf/" + written.size();
            written.add(schema(choice, at, references, depth + 1));
        }
        return written;
    }

    private String reference(JsonNode node, String pointer, Set<String> references, int depth)
            throws GuideException {
        String reference = node.asString("");
        Matcher local = LOCAL.matcher(reference);
        @Nullable JsonNode target =
                local.matches() ? root.path(local.group(1)).get(local.group(2)) : null;
        if (target == null) {
            throw refused(pointer, "$ref", "a reference that is not to #/$defs or #/definitions");
        }
        if (!references.add(reference)) {
            throw refused(pointer, "$ref", "a reference that leads to itself");
        }
        if (!definitions.containsKey(reference)) {
            ObjectNode begun = JsonNodeFactory.instance.objectNode();
            definitions.put(reference, begun);
            begun.setAll(schema(target, reference.substring(1), references, depth + 1));
        }
        references.remove(reference);
        return reference;
    }

    private static ArrayNode values(JsonNode node, String pointer) throws GuideException {
        JsonNode values = node.path("enum");
        if (!values.isArray() || values.isEmpty() || values.size() > MOST_VALUES) {
            throw refused(pointer, "enum", "no list of up to " + MOST_VALUES + " values");
        }
        Set<JsonNode> written = new LinkedHashSet<>();
        for (JsonNode value : values) {
            value(value, node.path("type"), pointer, "enum");
            written.add(value);
        }
        return JsonNodeFactory.instance.arrayNode().addAll(written);
    }

    /** Checks a value. XGrammar writes values into its grammar as it prints them. */
    private static void value(JsonNode value, JsonNode type, String pointer, String keyword)
            throws GuideException {
        String own =
                value.isString()
                        ? "string"
                        : value.isBoolean()
                                ? "boolean"
                                : value.isNull()
                                        ? "null"
                                        : value.isInt() || value.isLong() ? "integer" : "";
        if (own.isEmpty()) {
            throw refused(
                    pointer, keyword, "a value other than text, an integer, true, false or null");
        }
        Set<String> allowed = new HashSet<>();
        if (type.isArray()) {
            type.forEach(one -> allowed.add(one.asString("")));
        } else if (type.isString()) {
            allowed.add(type.stringValue());
        }
        boolean number = own.equals("integer") && allowed.contains("number");
        if (!type.isMissingNode() && !allowed.contains(own) && !number) {
            throw refused(pointer, keyword, "a value of another type than 'type' says");
        }
    }

    /** Refuses keywords beside these, except notes and the root's definitions. */
    private static void alone(JsonNode node, String pointer, Set<String> keywords)
            throws GuideException {
        for (String name : node.propertyNames()) {
            boolean definitions = pointer.isEmpty() && DEFINITIONS.contains(name);
            if (!keywords.contains(name) && !NOTES.contains(name) && !definitions) {
                throw refused(pointer, name, "this keyword, or it beside others");
            }
        }
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static GuideException refused(String pointer, String keyword, String what) {
        return new GuideException(
                pointer, keyword, "TensorRT-LLM's XGrammar does not hold answers to " + what);
    }
}
