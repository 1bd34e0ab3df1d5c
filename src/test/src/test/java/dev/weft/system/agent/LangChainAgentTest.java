package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.weft.system.fleet.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** An agent with two tools by LangChain4j. */
@ExtendWith(AgentFleet.class)
class LangChainAgentTest {
    private static String address;

    @BeforeAll
    static void find() {
        address = AgentFleet.fleet().gateway() + "/v1";
    }

    private static ChatResponse whole(ChatRequest request) {
        return OpenAiChatModel.builder()
                .baseUrl(address)
                .apiKey("any")
                .modelName(AgentTask.MODEL)
                .temperature(0.0)
                .maxCompletionTokens(160)
                .maxRetries(0)
                .timeout(Client.DEADLINE)
                .build()
                .chat(request);
    }

    private static ChatResponse streamed(ChatRequest request) {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(address)
                .apiKey("any")
                .modelName(AgentTask.MODEL)
                .temperature(0.0)
                .maxCompletionTokens(160)
                .timeout(Client.DEADLINE)
                .build()
                .chat(
                        request,
                        new StreamingChatResponseHandler() {
                            @Override
                            public void onCompleteResponse(ChatResponse response) {
                                whole.complete(response);
                            }

                            @Override
                            public void onError(Throwable error) {
                                whole.completeExceptionally(error);
                            }
                        });
        return whole.orTimeout(Client.DEADLINE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    private static ToolSpecification tool(String name) {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder().required("table");
        AgentTask.PARAMETERS.forEach(schema::addStringProperty);
        return ToolSpecification.builder().name(name).parameters(schema.build()).build();
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void callsTheRightToolAndTellsWhatItFound(AgentTask task) {
        run(task, LangChainAgentTest::whole);
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void doesTheSameWhileItStreams(AgentTask task) {
        run(task, LangChainAgentTest::streamed);
    }

    private static void run(AgentTask task, Function<ChatRequest, ChatResponse> model) {
        List<ToolSpecification> tools =
                AgentTask.TOOLS.stream().map(LangChainAgentTest::tool).toList();
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from(task.question())));
        ChatResponse first = model.apply(request(messages, tools));
        assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(first.aiMessage().toolExecutionRequests()).hasSize(1);
        ToolExecutionRequest call = first.aiMessage().toolExecutionRequests().getFirst();
        messages.add(first.aiMessage());
        messages.add(
                ToolExecutionResultMessage.from(call, task.call(call.name(), call.arguments())));
        ChatResponse second = model.apply(request(messages, tools));
        assertThat(second.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(second.aiMessage().hasToolExecutionRequests()).isFalse();
        assertThat(second.aiMessage().text()).isEqualTo(task.answer());
    }

    private static ChatRequest request(List<ChatMessage> messages, List<ToolSpecification> tools) {
        return ChatRequest.builder().messages(messages).toolSpecifications(tools).build();
    }
}
