package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.weft.system.fleet.Client;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** An agent with two tools by {@code com.openai:openai-java}. */
@ExtendWith(AgentFleet.class)
class OpenAiAgentTest {

    @AutoClose private static Client client;

    @BeforeAll
    static void connect() {
        client = new Client(AgentFleet.fleet().gateway());
    }

    private static FunctionDefinition function(String name) {
        return FunctionDefinition.builder()
                .name(name)
                .parameters(
                        FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(AgentTask.properties()))
                                .putAdditionalProperty("required", JsonValue.from(List.of("table")))
                                .build())
                .build();
    }

    private static ChatCompletion streamed(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.api().chat().completions().createStreaming(params)) {
            chunks.stream().forEach(all::accumulate);
        }
        return all.chatCompletion();
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void callsTheRightToolAndTellsWhatItFound(AgentTask task) {
        run(task, params -> client.api().chat().completions().create(params));
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void doesTheSameWhileItStreams(AgentTask task) {
        run(task, OpenAiAgentTest::streamed);
    }

    private static void run(
            AgentTask task, Function<ChatCompletionCreateParams, ChatCompletion> model) {
        ChatCompletionCreateParams.Builder chat = Client.greedy(AgentTask.MODEL, task.question());
        AgentTask.TOOLS.forEach(name -> chat.addFunctionTool(function(name)));
        ChatCompletion.Choice first = model.apply(chat.build()).choices().getFirst();
        assertThat(first.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(first.message().toolCalls().orElseThrow()).hasSize(1);
        var call = first.message().toolCalls().orElseThrow().getFirst().function().orElseThrow();
        chat.addMessage(first.message())
                .addMessage(
                        ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content(
                                        task.call(
                                                call.function().name(),
                                                call.function().arguments()))
                                .build());
        ChatCompletion.Choice second = model.apply(chat.build()).choices().getFirst();
        assertThat(second.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(second.message().toolCalls().orElse(List.of())).isEmpty();
        assertThat(second.message().content()).contains(task.answer());
    }
}
