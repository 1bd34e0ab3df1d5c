package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sample's adapter {@code tools} on chats that it was not trained on, rendered by its own chat
 * template, with {@code tool_choice} left to the model.
 */
@ExtendWith(AgentFleet.class)
class ToolsAdapterTest {
    private static final Sample.HeldOutTools HELD_OUT = Sample.heldOutTools();

    private static ObjectNode chat(Sample.ToolPrompt prompt) {
        ObjectNode body = Http.JSON.createObjectNode().put("model", AgentTask.MODEL);
        body.set("messages", Http.JSON.valueToTree(prompt.messages()));
        if (!prompt.tools().isEmpty()) {
            List<Map<String, Object>> tools =
                    prompt.tools().stream().map(HELD_OUT.tools()::get).toList();
            body.set("tools", Http.JSON.valueToTree(tools));
        }
        return body;
    }

    private static JsonNode post(URI service, String path, ObjectNode body) throws Exception {
        var response = Http.post(service.resolve(path), body.toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Http.json(response);
    }

    /** A reply as the training script writes it. */
    private static String reply(JsonNode message) {
        JsonNode calls = message.path("tool_calls");
        if (calls.isEmpty()) {
            return message.path("content").asString();
        }
        assertThat(calls).hasSize(1);
        JsonNode function = calls.path(0).path("function");
        return "<tool_call>\n{\"name\": \"%s\", \"arguments\": %s}\n</tool_call>"
                .formatted(function.path("name").asString(), function.path("arguments").asString());
    }

    @Test
    void repliesToChatsAsItsTrainingScriptSays() throws Exception {
        Map<String, Integer> right = new HashMap<>();
        Map<String, Integer> close = new HashMap<>();
        for (Sample.ToolPrompt prompt : HELD_OUT.prompts()) {
            ObjectNode body = chat(prompt).put("temperature", 0).put("max_tokens", 120);
            JsonNode choice =
                    post(AgentFleet.fleet().gateway(), "/v1/chat/completions", body)
                            .path("choices")
                            .path(0);
            String reply = reply(choice.path("message"));
            if (!prompt.close()) {
                assertThat(reply)
                        .as("%s: %s", prompt.id(), prompt.messages())
                        .isEqualTo(prompt.answer());
            }
            right.merge(prompt.kind(), reply.equals(prompt.expected()) ? 1 : 0, Integer::sum);
            close.merge(prompt.kind(), prompt.close() ? 1 : 0, Integer::sum);
        }
        HELD_OUT.summary()
                .accuracies()
                .forEach((kind, percent) -> {
                    double all = HELD_OUT.summary().prompts().getOrDefault(kind, 0);
                    assertThat(
                                    100.0
                                            * (right.getOrDefault(kind, 0)
                                                    + close.getOrDefault(kind, 0))
                                            / all)
                            .as("accuracy of %s in percent", kind)
                            .isGreaterThanOrEqualTo(percent);
                });
    }

    @Test
    void itsChatTemplateRendersAsItsTrainingScriptDoes() throws Exception {
        assertThat(HELD_OUT.golden()).isNotEmpty();
        for (Sample.ToolTokens golden : HELD_OUT.golden()) {
            Sample.ToolPrompt prompt =
                    HELD_OUT.prompts().stream()
                            .filter(one -> one.id().equals(golden.id()))
                            .findFirst()
                            .orElseThrow();
            JsonNode tokens =
                    post(AgentFleet.fleet().worker(), "/tokenize", chat(prompt)).path("tokens");
            List<Integer> ids = new ArrayList<>();
            tokens.forEach(token -> ids.add(token.asInt()));
            assertThat(ids).as(prompt.id()).isEqualTo(golden.promptIds());
        }
    }
}
