import java.time.Duration;
import java.util.List;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Weft by Spring AI. */
public final class SpringAi {
    private SpringAi() {}

    /** What the tools are asked. */
    record Rows(String table, String status, String city) {}

    public static void main(String[] arguments) {
        OpenAiChatOptions sql = options("sql").build();
        System.out.println(model(sql).call(SampleTask.PROMPT));
        OpenAiChatOptions french = options("french").build();
        model(french).stream(SampleTask.PROMPT)
                .doOnNext(System.out::print)
                .blockLast(Duration.ofMinutes(2));
        System.out.println();
        System.out.println(agent());
    }

    /** Calls tools until the model answers. */
    private static String agent() {
        OpenAiChatOptions options =
                options("tools").toolCallbacks(SampleTask.TOOLS.stream().map(SpringAi::tool).toList()).build();
        Prompt prompt = new Prompt(List.of(new UserMessage(SampleTask.QUESTION)), options);
        ChatResponse response = model(options).call(prompt);
        while (response.hasToolCalls()) {
            var executed = ToolCallingManager.builder().build().executeToolCalls(prompt, response);
            prompt = new Prompt(executed.conversationHistory(), options);
            response = model(options).call(prompt);
        }
        return response.getResult().getOutput().getText();
    }

    private static ToolCallback tool(String name) {
        return FunctionToolCallback.builder(
                        name, (Rows rows) -> Integer.parseInt(SampleTask.run(name, rows.toString())))
                .inputType(Rows.class)
                // a schema of the type would have its keys in the order of the alphabet
                .inputSchema(SampleTask.SCHEMA)
                .build();
    }

    private static OpenAiChatOptions.Builder options(String adapter) {
        return OpenAiChatOptions.builder()
                .baseUrl(SampleTask.url() + "/v1")
                .apiKey("any")
                .model(adapter)
                .temperature(0.0)
                .maxCompletionTokens(100);
    }

    private static OpenAiChatModel model(OpenAiChatOptions options) {
        return OpenAiChatModel.builder().options(options).build();
    }
}
