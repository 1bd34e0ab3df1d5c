package dev.weft.system.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** An agent with two tools by Spring AI, whose own manager calls them. */
@ExtendWith(AgentFleet.class)
class SpringAiAgentTest {
    private static String address;

    /** What the tools are asked. */
    record Rows(String table, String status, String city) {}

    @BeforeAll
    static void find() {
        address = AgentFleet.fleet().gateway() + "/v1";
    }

    private static ToolCallback tool(String name, AgentTask task, List<String> called) {
        return FunctionToolCallback.builder(
                        name,
                        (Rows rows) -> {
                            called.add(name);
                            task.call(
                                    name,
                                    Http.JSON.writeValueAsString(
                                            Map.of(
                                                    "table", rows.table(),
                                                    "status", rows.status(),
                                                    "city", rows.city())));
                            return task.found();
                        })
                .inputType(Rows.class)
                // a schema of the type would have its keys in the order of the alphabet
                .inputSchema(AgentTask.schema())
                .build();
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void callsTheRightToolAndTellsWhatItFound(AgentTask task) {
        run(task, OpenAiChatModel::call);
    }

    @ParameterizedTest
    @FieldSource("dev.weft.system.agent.AgentTask#ALL")
    void doesTheSameWhileItStreams(AgentTask task) {
        run(task, SpringAiAgentTest::streamed);
    }

    /** The parts of a stream as one response: its calls come whole, in one of them. */
    private static ChatResponse streamed(OpenAiChatModel model, Prompt prompt) {
        List<ChatResponse> parts =
                Objects.requireNonNull(model.stream(prompt).collectList().block(Client.DEADLINE));
        List<ChatResponse> told = parts.stream().filter(part -> part.getResult() != null).toList();
        List<ChatResponse> calls = told.stream().filter(ChatResponse::hasToolCalls).toList();
        if (!calls.isEmpty()) {
            assertThat(calls).hasSize(1);
            return calls.getFirst();
        }
        String text =
                told.stream()
                        .map(part -> Objects.requireNonNullElse(message(part).getText(), ""))
                        .collect(Collectors.joining());
        return new ChatResponse(
                List.of(
                        new org.springframework.ai.chat.model.Generation(
                                new AssistantMessage(text))));
    }

    private static void run(
            AgentTask task, BiFunction<OpenAiChatModel, Prompt, ChatResponse> asked) {
        List<String> called = new CopyOnWriteArrayList<>();
        List<ToolCallback> tools = new ArrayList<>();
        AgentTask.TOOLS.forEach(name -> tools.add(tool(name, task, called)));
        OpenAiChatOptions options =
                OpenAiChatOptions.builder()
                        .baseUrl(address)
                        .apiKey("any")
                        .maxRetries(0)
                        .timeout(Client.DEADLINE)
                        .model(AgentTask.MODEL)
                        .temperature(0.0)
                        .maxCompletionTokens(160)
                        .toolCallbacks(tools)
                        .build();
        OpenAiChatModel model = OpenAiChatModel.builder().options(options).build();
        Prompt prompt = new Prompt(List.of(new UserMessage(task.question())), options);
        ChatResponse first = asked.apply(model, prompt);
        assertThat(first.hasToolCalls()).isTrue();
        var executed = ToolCallingManager.builder().build().executeToolCalls(prompt, first);
        assertThat(called).containsExactly(task.tool());
        ChatResponse second =
                asked.apply(model, new Prompt(executed.conversationHistory(), options));
        assertThat(second.hasToolCalls()).isFalse();
        assertThat(message(second).getText()).isEqualTo(task.answer());
    }

    private static AssistantMessage message(ChatResponse response) {
        return Objects.requireNonNull(response.getResult()).getOutput();
    }
}
