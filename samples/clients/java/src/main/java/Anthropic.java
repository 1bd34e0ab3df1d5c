import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;

/** Weft by Anthropic's Java client. */
public final class Anthropic {
    private Anthropic() {}

    public static void main(String[] arguments) {
        AnthropicClient client =
                AnthropicOkHttpClient.builder().baseUrl(SampleTask.url()).apiKey("any").build();
        client.messages().create(message("sql", SampleTask.PROMPT).build()).content()
                .forEach(block -> block.text().ifPresent(text -> System.out.println(text.text())));
        try (var events = client.messages().createStreaming(message("french", SampleTask.PROMPT).build())) {
            events.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .flatMap(event -> event.delta().text().stream())
                    .forEach(delta -> System.out.print(delta.text()));
        }
        System.out.println();
        System.out.println(agent(client));
        client.close();
    }

    /** Calls tools until the model answers. */
    private static String agent(AnthropicClient client) {
        MessageCreateParams.Builder chat = message("tools", SampleTask.QUESTION);
        SampleTask.TOOLS.forEach(name -> chat.addTool(tool(name)));
        while (true) {
            Message message = client.messages().create(chat.build());
            List<ContentBlockParam> results =
                    message.content().stream()
                            .flatMap(block -> block.toolUse().stream())
                            .map(Anthropic::result)
                            .toList();
            if (results.isEmpty()) {
                return message.content().getFirst().asText().text();
            }
            chat.addMessage(message).addUserMessageOfContentBlockParams(results);
        }
    }

    private static ContentBlockParam result(ToolUseBlock call) {
        return ContentBlockParam.ofToolResult(
                ToolResultBlockParam.builder()
                        .toolUseId(call.id())
                        .content(SampleTask.run(call.name(), call._input().toString()))
                        .build());
    }

    private static Tool tool(String name) {
        Tool.InputSchema.Properties.Builder properties = Tool.InputSchema.Properties.builder();
        SampleTask.properties()
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

    private static MessageCreateParams.Builder message(String adapter, String question) {
        return MessageCreateParams.builder()
                .model(adapter)
                .maxTokens(100)
                .addUserMessage(question);
    }
}
