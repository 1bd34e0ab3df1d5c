package dev.weft.chat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The results of jinja2 for templates; src/test/chat-goldens/make_goldens.py writes the files. */
final class Goldens {
    /** The time that the script renders with. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

    /** Templates in the manner of model families, each with a file. */
    static final List<String> FAMILIES =
            List.of(
                    "smollm2-like",
                    "qwen2.5-like",
                    "qwen3-like",
                    "llama2-like",
                    "llama3.2-like",
                    "mistral-like",
                    "gemma2-like",
                    "gemma3-like",
                    "phi4-like",
                    "phi4-mini-like",
                    "granite-like",
                    "deepseek-like",
                    "xml-tools-like",
                    "typed-tools-like");

    private Goldens() {}

    static JsonNode read(String name) throws IOException {
        try (InputStream in = Goldens.class.getResourceAsStream("/chat-goldens/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in, name));
        }
    }

    static Map<String, Object> variables(JsonNode node) {
        Map<String, Object> variables = new LinkedHashMap<>();
        node.properties().forEach(e -> variables.put(e.getKey(), value(e.getValue())));
        return variables;
    }

    private static @Nullable Object value(JsonNode node) {
        return JsonMapper.shared().convertValue(node, Object.class);
    }

    /** The outcome of a rendering, in the script's words. */
    static String outcome(String source, Map<String, Object> variables) {
        try {
            return "output: " + ChatTemplate.compile(source).render(input(variables), CLOCK);
        } catch (ChatTemplateException e) {
            return "error";
        } catch (ChatRenderException e) {
            return e.reason() == ChatRenderException.Reason.RAISED
                    ? "raised: " + e.getMessage()
                    : "error";
        }
    }

    static String expected(JsonNode result) {
        if (result.has("output")) {
            return "output: " + result.get("output").stringValue();
        }
        return result.has("raised") ? "raised: " + result.get("raised").stringValue() : "error";
    }

    @SuppressWarnings("unchecked") // the script writes lists of objects
    static ChatInput input(Map<String, Object> variables) {
        Map<String, Object> others = new LinkedHashMap<>(variables);
        ChatInput.RESERVED.forEach(others::remove);
        return new ChatInput(
                (List<Map<String, Object>>) variables.getOrDefault("messages", List.of()),
                (List<Object>) variables.get("tools"),
                (List<Object>) variables.get("documents"),
                Boolean.TRUE.equals(variables.get("add_generation_prompt")),
                Map.of(),
                others);
    }

    /** Lines for people that show how a golden and an outcome differ. */
    static List<String> difference(String what, String expected, String found) {
        List<String> lines = new ArrayList<>();
        if (!expected.equals(found)) {
            lines.add(what + "\n  expected " + expected + "\n  found    " + found);
        }
        return lines;
    }
}
