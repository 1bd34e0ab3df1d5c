package dev.weft.inference.server.http.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prompts and answers as OpenTelemetry's GenAI convention writes them into spans, if a deployment
 * asks for that: {@code [{"role":..,"parts":[{"type":"text","content":..}]}]}. Text only.
 */
public final class TracedContent {
    private record Part(String type, String content) {
        static Part text(String content) {
            return new Part("text", content);
        }
    }

    private TracedContent() {}

    /** The messages or prompts of a body that has been read and checked. */
    public static String input(byte[] body) {
        JsonNode document = JsonMapper.shared().readTree(body);
        List<Map<String, Object>> messages = new ArrayList<>();
        for (JsonNode message : document.path("messages")) {
            messages.add(message(message.path("role").asString(""), message.path("content")));
        }
        JsonNode prompt = document.path("prompt");
        for (JsonNode one : prompt.isArray() ? prompt : List.of(prompt)) {
            if (one.isString()) {
                messages.add(message("user", one));
            }
        }
        return JsonMapper.shared().writeValueAsString(messages);
    }

    /**
     * The answer.
     *
     * @param texts of each choice
     * @param ends the reason for the end of each
     */
    static String output(List<String> texts, List<String> ends) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int choice = 0; choice < texts.size(); choice++) {
            messages.add(
                    Map.of(
                            "role",
                            "assistant",
                            "parts",
                            List.of(Part.text(texts.get(choice))),
                            "finish_reason",
                            ends.get(choice)));
        }
        return JsonMapper.shared().writeValueAsString(messages);
    }

    private static Map<String, Object> message(String role, JsonNode content) {
        Stream<String> texts =
                content.isString()
                        ? Stream.of(content.stringValue())
                        : StreamSupport.stream(content.spliterator(), false)
                                .map(part -> part.path("text").asString(""));
        return Map.of("role", role, "parts", texts.map(Part::text).toList());
    }
}
