import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;

/** Uses Weft through OpenAI's Java client. */
public final class OpenAi {
    private OpenAi() {}

    public static void main(String[] arguments) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().baseUrl(SampleTask.url() + "/v1").apiKey("any").build();
        System.out.println(
                client.chat().completions().create(chat("sql", SampleTask.PROMPT).build()).choices().getFirst()
                        .message().content().orElse(""));
        try (var chunks = client.chat().completions().createStreaming(chat("french", SampleTask.PROMPT).build())) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(System.out::print));
        }
        System.out.println();
        System.out.println(agent(client));
        client.close();
    }

    /** Calls tools until the model answers. */
    private static String agent(OpenAIClient client) {
        ChatCompletionCreateParams.Builder chat = chat("tools", SampleTask.QUESTION);
        SampleTask.TOOLS.forEach(name -> chat.addFunctionTool(function(name)));
        while (true) {
            ChatCompletionMessage message =
                    client.chat().completions().create(chat.build()).choices().getFirst().message();
            if (message.toolCalls().isEmpty()) {
                return message.content().orElse("");
            }
            chat.addMessage(message);
            for (ChatCompletionMessageToolCall one : message.toolCalls().get()) {
                var call = one.asFunction();
                chat.addMessage(
                        ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content(
                                        SampleTask.run(
                                                call.function().name(),
                                                call.function().arguments()))
                                .build());
            }
        }
    }

    private static FunctionDefinition function(String name) {
        return FunctionDefinition.builder()
                .name(name)
                .parameters(
                        FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(SampleTask.properties()))
                                .putAdditionalProperty("required", JsonValue.from(List.of("table")))
                                .build())
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String adapter, String question) {
        return ChatCompletionCreateParams.builder()
                .model(adapter)
                .addUserMessage(question)
                .temperature(0.0)
                .maxCompletionTokens(100);
    }
}
