package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chats by LangChain4j's client for OpenAI, with no special case for Weft. */
@ExtendWith(SampleFleet.class)
class LangChainClientTest {
    private static String address;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void find() {
        address = SampleFleet.fleet().gateway() + "/v1";
        prompt = Sample.heldOut().counted().getFirst();
    }

    private static OpenAiChatModel model(String name) {
        return OpenAiChatModel.builder()
                .baseUrl(address)
                .apiKey("any")
                .modelName(name)
                .temperature(0.0)
                .maxCompletionTokens(160)
                .parallelToolCalls(false)
                .strictTools(true)
                .maxRetries(0)
                .timeout(Client.DEADLINE)
                .build();
    }

    private static ChatResponse streamed(String name, ChatRequest request) throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(address)
                .apiKey("any")
                .modelName(name)
                .temperature(0.0)
                .maxCompletionTokens(160)
                .parallelToolCalls(false)
                .strictTools(true)
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
        return whole.get(Client.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ChatRequest.Builder asked() {
        return ChatRequest.builder().messages(UserMessage.from(prompt.text()));
    }

    private static ChatRequest calling() {
        return asked().toolSpecifications(
                        ToolSpecification.builder()
                                .name("get_weather")
                                .parameters(
                                        JsonObjectSchema.builder()
                                                .addEnumProperty("city", List.of("Ulm", "Rom"))
                                                .required("city")
                                                .additionalProperties(false)
                                                .build())
                                .build())
                .toolChoice(ToolChoice.REQUIRED)
                .build();
    }

    @Test
    void answersWholeAndStreamedAlike() throws Exception {
        ChatResponse whole = model("french").chat(asked().build());
        assertThat(whole.aiMessage().text()).isNotBlank();
        assertThat(whole.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(whole.tokenUsage().outputTokenCount()).isPositive();
        ChatResponse streamed = streamed("french", asked().build());
        assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
        assertThat(streamed.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(streamed.tokenUsage()).isEqualTo(whole.tokenUsage());
    }

    @Test
    void callsTools() throws Exception {
        called(model("sql").chat(calling()));
        called(streamed("sql", calling()));
    }

    private static void called(ChatResponse response) {
        List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
        assertThat(calls).isNotEmpty();
        assertThat(calls.getFirst().name()).isEqualTo("get_weather");
        assertThat(Http.JSON.readTree(calls.getFirst().arguments()).path("city").asString())
                .isIn("Ulm", "Rom");
    }

    @Test
    void anUnknownModelIsSaid() {
        assertThatThrownBy(() -> model("nope").chat(asked().build()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("The model 'nope' does not exist");
    }
}
