package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** An agent with two tools by {@code com.anthropic:anthropic-java}. */
@ExtendWith(AgentFleet.class)
class AnthropicAgentTest {

    @AutoClose private static AnthropicClient api;

    @BeforeAll
    static void connect() {
        api =
                AnthropicOkHttpClient.builder()
                        .baseUrl(AgentFleet.fleet().gateway().toString())
                        .apiKey("any")
                        .maxRetries(0)
                        .timeout(Client.DEADLINE)
                        .build();
    }

    private static Tool tool(String name) {
        Tool.InputSchema.Properties.Builder properties = Tool.InputSchema.Properties.builder();
        AgentTask.properties()
                .forEach((key, schema) ->
                        properties.putAdditionalProperty(key, JsonValue.from(schema)));
        return Tool.builder()
                .name(name)
                .inputSchema(
                        Tool.InputSchema.builder()
                                .properties(properties.build())
                                .required(List.of("table"))
                                .build())
                .build();
    }

    private static Message streamed(MessageCreateParams params) {
        MessageAccumulator all = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events =
                api.messages().createStreaming(params)) {
            events.stream().forEach(all::accumulate);
        }
        return all.message();
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void callsTheRightToolAndTellsWhatItFound(AgentTask task) {
        run(task, params -> api.messages().create(params));
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void doesTheSameWhileItStreams(AgentTask task) {
        run(task, AnthropicAgentTest::streamed);
    }

    private static void run(AgentTask task, Function<MessageCreateParams, Message> model) {
        MessageCreateParams.Builder chat =
                MessageCreateParams.builder()
                        .model(AgentTask.MODEL)
                        .maxTokens(160)
                        .addUserMessage(task.question())
                        .putAdditionalBodyProperty("temperature", JsonValue.from(0));
        AgentTask.TOOLS.forEach(name -> chat.addTool(tool(name)));
        Message first = model.apply(chat.build());
        assertThat(first.stopReason()).contains(StopReason.TOOL_USE);
        List<ToolUseBlock> calls =
                first.content().stream().flatMap(block -> block.toolUse().stream()).toList();
        assertThat(calls).hasSize(1);
        Map<?, ?> input = Objects.requireNonNull(calls.getFirst()._input().convert(Map.class));
        String found = task.call(calls.getFirst().name(), Http.JSON.writeValueAsString(input));
        chat.addMessage(first)
                .addUserMessageOfContentBlockParams(
                        List.of(
                                ContentBlockParam.ofToolResult(
                                        ToolResultBlockParam.builder()
                                                .toolUseId(calls.getFirst().id())
                                                .content(found)
                                                .build())));
        Message second = model.apply(chat.build());
        assertThat(second.stopReason()).contains(StopReason.END_TURN);
        assertThat(
                        second.content().stream()
                                .flatMap(block -> block.text().stream())
                                .map(TextBlock::text)
                                .collect(Collectors.joining()))
                .isEqualTo(task.answer());
    }
}
