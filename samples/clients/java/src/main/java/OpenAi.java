import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import java.util.List;
import java.util.Map;

/** Weft by OpenAI's Java client. */
public final class OpenAi {
    private OpenAi() {}

    public static void main(String[] arguments) {
        OpenAIClient client =
                OpenAIOkHttpClient.builder().baseUrl(Weft.url() + "/v1").apiKey("any").build();
        System.out.println(
                client.chat().completions().create(chat("sql").build()).choices().getFirst()
                        .message().content().orElse(""));
        try (var chunks = client.chat().completions().createStreaming(chat("french").build())) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(System.out::print));
        }
        System.out.println();
        FunctionParameters parameters =
                FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(Map.of("city", Map.of("enum", Weft.CITIES))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                        .build();
        ChatCompletionCreateParams calling =
                chat("sql")
                        .addFunctionTool(
                                FunctionDefinition.builder()
                                        .name("get_weather")
                                        .strict(true)
                                        .parameters(parameters)
                                        .build())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .parallelToolCalls(false)
                        .build();
        client.chat().completions().create(calling).choices().getFirst().message().toolCalls()
                .orElse(List.of())
                .forEach(call -> System.out.println(call.asFunction().function()));
        client.close();
    }

    private static ChatCompletionCreateParams.Builder chat(String adapter) {
        return ChatCompletionCreateParams.builder()
                .model(adapter)
                .addUserMessage(Weft.PROMPT)
                .temperature(0.0)
                .maxCompletionTokens(100);
    }
}
