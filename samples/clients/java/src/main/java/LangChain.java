import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Weft by LangChain4j. */
public final class LangChain {
    private LangChain() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(model("sql").chat(SampleTask.PROMPT));
        stream();
        System.out.println(agent());
    }

    private static OpenAiChatModel model(String adapter) {
        return OpenAiChatModel.builder()
                .baseUrl(SampleTask.url() + "/v1")
                .apiKey("any")
                .modelName(adapter)
                .temperature(0.0)
                .maxCompletionTokens(100)
                .build();
    }

    /** Calls tools until the model answers. */
    private static String agent() {
        List<ToolSpecification> tools = SampleTask.TOOLS.stream().map(LangChain::tool).toList();
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from(SampleTask.QUESTION)));
        while (true) {
            AiMessage message =
                    model("tools")
                            .chat(
                                    ChatRequest.builder()
                                            .messages(messages)
                                            .toolSpecifications(tools)
                                            .build())
                            .aiMessage();
            if (!message.hasToolExecutionRequests()) {
                return message.text();
            }
            messages.add(message);
            for (ToolExecutionRequest call : message.toolExecutionRequests()) {
                messages.add(
                        ToolExecutionResultMessage.from(
                                call, SampleTask.run(call.name(), call.arguments())));
            }
        }
    }

    private static ToolSpecification tool(String name) {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder().required("table");
        SampleTask.PARAMETERS.forEach(schema::addStringProperty);
        return ToolSpecification.builder().name(name).parameters(schema.build()).build();
    }

    private static void stream() throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(SampleTask.url() + "/v1")
                .apiKey("any")
                .modelName("french")
                .temperature(0.0)
                .maxCompletionTokens(100)
                .build()
                .chat(
                        SampleTask.PROMPT,
                        new StreamingChatResponseHandler() {
                            @Override
                            public void onPartialResponse(String text) {
                                System.out.print(text);
                            }

                            @Override
                            public void onCompleteResponse(ChatResponse response) {
                                whole.complete(response);
                            }

                            @Override
                            public void onError(Throwable error) {
                                whole.completeExceptionally(error);
                            }
                        });
        whole.get(2, TimeUnit.MINUTES);
        System.out.println();
    }
}
