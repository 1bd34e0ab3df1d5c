package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolUseBlock;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages by {@code com.anthropic:anthropic-java}, with no special case for Weft. */
@ExtendWith(SampleFleet.class)
class AnthropicClientTest {
    @AutoClose private static AnthropicClient api;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void connect() {
        api =
                AnthropicOkHttpClient.builder()
                        .baseUrl(SampleFleet.fleet().gateway().toString())
                        .apiKey("any")
                        .maxRetries(0)
                        .timeout(Client.DEADLINE)
                        .build();
        prompt = Sample.heldOut().counted().getFirst();
    }

    private static MessageCreateParams.Builder asked(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(160)
                .addUserMessage(prompt.text())
                .putAdditionalBodyProperty("temperature", JsonValue.from(0));
    }

    private static MessageCreateParams calling() {
        return asked("sql")
                .addTool(
                        Tool.builder()
                                .name("get_weather")
                                .inputSchema(
                                        Tool.InputSchema.builder()
                                                .properties(
                                                        Tool.InputSchema.Properties.builder()
                                                                .putAdditionalProperty(
                                                                        "city",
                                                                        JsonValue.from(
                                                                                Map.of(
                                                                                        "enum",
                                                                                        List.of(
                                                                                                "Ulm",
                                                                                                "Rom"))))
                                                                .build())
                                                .required(List.of("city"))
                                                .putAdditionalProperty(
                                                        "additionalProperties",
                                                        JsonValue.from(false))
                                                .build())
                                .build())
                .toolChoice(ToolChoiceAny.builder().disableParallelToolUse(true).build())
                .build();
    }

    private static String text(Message message) {
        return message.content().getFirst().text().orElseThrow().text();
    }

    private static Message streamed(MessageCreateParams params) {
        MessageAccumulator all = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events =
                api.messages().createStreaming(params)) {
            events.stream().forEach(event -> all.accumulate(event.validate()));
        }
        return all.message();
    }

    @Test
    void answersWholeAndStreamedAlike() {
        Message whole = api.messages().create(asked("french").build());
        assertThat(whole.model().asString()).isEqualTo("french");
        assertThat(whole.stopReason()).contains(StopReason.END_TURN);
        assertThat(whole.usage().outputTokens()).isPositive();
        whole.validate();
        Message streamed = streamed(asked("french").build());
        assertThat(text(streamed)).isEqualTo(text(whole)).isNotBlank();
        assertThat(streamed.stopReason()).contains(StopReason.END_TURN);
        assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
    }

    @Test
    void callsTools() {
        called(api.messages().create(calling()));
        called(streamed(calling()));
    }

    private static void called(Message message) {
        message.validate();
        assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
        ToolUseBlock call =
                message.content().stream()
                        .flatMap(block -> block.toolUse().stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(call.name()).isEqualTo("get_weather");
        Map<?, ?> input = Objects.requireNonNull(call._input().convert(Map.class));
        assertThat(input.get("city")).isIn("Ulm", "Rom");
    }

    @Test
    void anUnknownModelIsANotFoundException() {
        assertThatThrownBy(() -> api.messages().create(asked("nope").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("The model 'nope' does not exist");
    }
}
