import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Weft by LangChain4j. */
public final class LangChain {
    private LangChain() {}

    public static void main(String[] arguments) throws Exception {
        OpenAiChatModel sql =
                OpenAiChatModel.builder()
                        .baseUrl(Weft.url() + "/v1")
                        .apiKey("any")
                        .modelName("sql")
                        .temperature(0.0)
                        .maxCompletionTokens(100)
                        .parallelToolCalls(false)
                        .strictTools(true)
                        .build();
        System.out.println(sql.chat(Weft.PROMPT));
        stream();
        ToolSpecification weather =
                ToolSpecification.builder()
                        .name("get_weather")
                        .parameters(
                                JsonObjectSchema.builder()
                                        .addEnumProperty("city", Weft.CITIES)
                                        .required("city")
                                        .build())
                        .build();
        ChatResponse called =
                sql.chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from(Weft.PROMPT))
                                .toolSpecifications(weather)
                                .toolChoice(ToolChoice.REQUIRED)
                                .build());
        System.out.println(called.aiMessage().toolExecutionRequests());
    }

    private static void stream() throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(Weft.url() + "/v1")
                .apiKey("any")
                .modelName("french")
                .temperature(0.0)
                .maxCompletionTokens(100)
                .build()
                .chat(
                        Weft.PROMPT,
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
