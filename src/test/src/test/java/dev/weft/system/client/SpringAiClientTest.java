package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Chats by Spring AI's client for OpenAI, with no special case for Weft. */
@ExtendWith(SampleFleet.class)
class SpringAiClientTest {
    private static String address;
    private static Sample.Prompt prompt;

    /** A city of the tool's schema. */
    enum City {
        ULM,
        ROM
    }

    record Weather(City city) {}

    @BeforeAll
    static void find() {
        address = SampleFleet.fleet().gateway() + "/v1";
        prompt = Sample.heldOut().counted().getFirst();
    }

    private static OpenAiChatOptions.Builder options(String model) {
        return OpenAiChatOptions.builder()
                .baseUrl(address)
                .apiKey("any")
                .maxRetries(0)
                .timeout(Client.DEADLINE)
                .model(model)
                .temperature(0.0)
                .maxCompletionTokens(160);
    }

    private static OpenAiChatModel model(OpenAiChatOptions options) {
        return OpenAiChatModel.builder().options(options).build();
    }

    private static Prompt asked(OpenAiChatOptions options) {
        return new Prompt(prompt.text(), options);
    }

    private static OpenAiChatOptions calling() {
        return options("sql")
                .toolCallbacks(
                        FunctionToolCallback.builder(
                                        "get_weather", (Weather asked) -> asked.city() + ": sunny")
                                .description("The weather of a city")
                                .inputType(Weather.class)
                                .build())
                .toolChoice(
                        ChatCompletionToolChoiceOption.ofAuto(
                                ChatCompletionToolChoiceOption.Auto.REQUIRED))
                .build();
    }

    private static AssistantMessage message(ChatResponse response) {
        return Objects.requireNonNull(response.getResult()).getOutput();
    }

    @Test
    void answersWholeAndStreamedAlike() {
        OpenAiChatOptions options = options("french").build();
        ChatResponse whole = model(options).call(asked(options));
        assertThat(message(whole).getText()).isNotBlank();
        assertThat(whole.getMetadata().getModel()).isEqualTo("french");
        assertThat(whole.getMetadata().getUsage().getCompletionTokens()).isPositive();
        List<ChatResponse> parts =
                Objects.requireNonNull(
                        model(options).stream(asked(options)).collectList().block(Client.DEADLINE));
        String text =
                parts.stream()
                        .filter(part -> part.getResult() != null)
                        .map(part -> Objects.requireNonNullElse(message(part).getText(), ""))
                        .collect(Collectors.joining());
        assertThat(text).isEqualTo(message(whole).getText());
    }

    @Test
    void callsTools() {
        OpenAiChatOptions options = calling();
        ChatResponse response = model(options).call(asked(options));
        assertThat(response.hasToolCalls()).isTrue();
        AssistantMessage.ToolCall call = message(response).getToolCalls().getFirst();
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(Http.JSON.readTree(call.arguments()).path("city").asString()).isIn("ULM", "ROM");
    }

    @Test
    void anUnknownModelIsANotFoundException() {
        OpenAiChatOptions options = options("nope").build();
        assertThatThrownBy(() -> model(options).call(asked(options)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("The model 'nope' does not exist");
    }
}
