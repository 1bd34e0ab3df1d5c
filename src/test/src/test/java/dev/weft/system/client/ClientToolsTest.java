package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceOptions;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Tools and responses by {@code com.openai:openai-java}, with no special case for Weft. */
@ExtendWith(SampleFleet.class)
class ClientToolsTest {
    private static final Map<String, JsonValue> SCHEMA =
            Map.of(
                    "type", JsonValue.from("object"),
                    "properties",
                            JsonValue.from(
                                    Map.of(
                                            "city", Map.of("enum", List.of("Ulm", "Rom")),
                                            "day", Map.of("enum", List.of("today", "tomorrow")))),
                    "required", JsonValue.from(List.of("city", "day")),
                    "additionalProperties", JsonValue.from(false));

    @AutoClose private static Client client;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void connect() {
        client = new Client(SampleFleet.fleet().gateway());
        prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close())
                        .findFirst()
                        .orElseThrow();
    }

    private static void valid(String name, String arguments) {
        assertThat(name).isEqualTo("get_weather");
        JsonNode call = Http.JSON.readTree(arguments);
        assertThat(call.path("city").asString()).isIn("Ulm", "Rom");
        assertThat(call.path("day").asString()).isIn("today", "tomorrow");
    }

    private static ChatCompletionCreateParams chat() {
        return Client.greedy("sql", prompt.text())
                .addFunctionTool(
                        FunctionDefinition.builder()
                                .name("get_weather")
                                .strict(true)
                                .parameters(
                                        FunctionParameters.builder()
                                                .putAllAdditionalProperties(SCHEMA)
                                                .build())
                                .build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                .parallelToolCalls(false)
                .build();
    }

    private static void valid(ChatCompletion answer) {
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageToolCall> calls = choice.message().toolCalls().orElseThrow();
        assertThat(calls).hasSize(1);
        var call = calls.getFirst().function().orElseThrow();
        valid(call.function().name(), call.function().arguments());
    }

    @Test
    void callsTools() {
        valid(client.api().chat().completions().create(chat()));
    }

    @Test
    void putsTheCallsOfAStreamTogether() {
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.api().chat().completions().createStreaming(chat())) {
            chunks.stream().forEach(all::accumulate);
        }
        valid(all.chatCompletion());
    }

    private static ResponseCreateParams.Builder response() {
        return ResponseCreateParams.builder()
                .model("sql")
                .input(prompt.text())
                .temperature(0.0)
                .maxOutputTokens(160);
    }

    private static ResponseCreateParams calling() {
        return response()
                .addTool(
                        FunctionTool.builder()
                                .name("get_weather")
                                .strict(true)
                                .parameters(
                                        FunctionTool.Parameters.builder()
                                                .putAllAdditionalProperties(SCHEMA)
                                                .build())
                                .build())
                .toolChoice(ToolChoiceOptions.REQUIRED)
                .parallelToolCalls(false)
                .build();
    }

    @Test
    void getsResponses() {
        Response answer = client.api().responses().create(response().build());
        assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
        assertThat(
                        answer.output().stream()
                                .flatMap(item -> item.message().stream())
                                .flatMap(message -> message.content().stream())
                                .flatMap(content -> content.outputText().stream())
                                .map(ResponseOutputText::text)
                                .collect(Collectors.joining()))
                .isEqualTo(prompt.of("sql").answer());
        answer.validate();
        valid(client.api().responses().create(calling()));
    }

    private static void valid(Response answer) {
        answer.validate();
        ResponseFunctionToolCall call =
                answer.output().stream()
                        .flatMap(item -> item.functionCall().stream())
                        .findFirst()
                        .orElseThrow();
        valid(call.name(), call.arguments());
    }

    @Test
    void putsTheItemsOfAStreamTogether() {
        ResponseAccumulator all = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events =
                client.api().responses().createStreaming(calling())) {
            events.stream().forEach(event -> all.accumulate(event.validate()));
        }
        valid(all.response());
    }

    @Test
    void everyEventOfATextHasWhatTheClientRequires() {
        ResponseAccumulator all = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> events =
                client.api().responses().createStreaming(response().build())) {
            events.stream().forEach(event -> all.accumulate(event.validate()));
        }
        assertThat(all.response().status()).contains(ResponseStatus.COMPLETED);
    }

    @Test
    void refusesWhatNeedsState() {
        assertThatThrownBy(() ->
                        client.api()
                                .responses()
                                .create(response().previousResponseId("resp_1").build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.param()).contains("previous_response_id"));
    }
}
