import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import java.util.List;
import java.util.Map;

/** Weft by Anthropic's Java client. */
public final class Anthropic {
    private Anthropic() {}

    public static void main(String[] arguments) {
        AnthropicClient client =
                AnthropicOkHttpClient.builder().baseUrl(Weft.url()).apiKey("any").build();
        client.messages().create(message("sql").build()).content()
                .forEach(block -> block.text().ifPresent(text -> System.out.println(text.text())));
        try (var events = client.messages().createStreaming(message("french").build())) {
            events.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .flatMap(event -> event.delta().text().stream())
                    .forEach(delta -> System.out.print(delta.text()));
        }
        System.out.println();
        Tool weather =
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
                                                                                Weft.CITIES)))
                                                        .build())
                                        .required(List.of("city"))
                                        .putAdditionalProperty(
                                                "additionalProperties", JsonValue.from(false))
                                        .build())
                        .build();
        MessageCreateParams calling =
                message("sql")
                        .addTool(weather)
                        .toolChoice(ToolChoiceAny.builder().disableParallelToolUse(true).build())
                        .build();
        client.messages().create(calling).content()
                .forEach(block ->
                        block.toolUse()
                                .ifPresent(call ->
                                        System.out.println(call.name() + " " + call._input())));
        client.close();
    }

    private static MessageCreateParams.Builder message(String adapter) {
        return MessageCreateParams.builder()
                .model(adapter)
                .maxTokens(100)
                .addUserMessage(Weft.PROMPT);
    }
}
