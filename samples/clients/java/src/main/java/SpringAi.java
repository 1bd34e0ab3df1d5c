import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import java.time.Duration;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Weft by Spring AI. */
public final class SpringAi {
    private SpringAi() {}

    /** The cities of the tool's schema. */
    enum City {
        ULM,
        ROM
    }

    /** What the tool is asked. */
    record Weather(City city) {}

    public static void main(String[] arguments) {
        OpenAiChatOptions sql = options("sql").build();
        System.out.println(model(sql).call(Weft.PROMPT));
        OpenAiChatOptions french = options("french").build();
        model(french).stream(Weft.PROMPT)
                .doOnNext(System.out::print)
                .blockLast(Duration.ofMinutes(2));
        System.out.println();
        OpenAiChatOptions calling =
                options("sql")
                        .toolCallbacks(
                                FunctionToolCallback.builder(
                                                "get_weather",
                                                (Weather asked) -> asked.city() + ": sunny")
                                        .description("The weather of a city")
                                        .inputType(Weather.class)
                                        .build())
                        .toolChoice(
                                ChatCompletionToolChoiceOption.ofAuto(
                                        ChatCompletionToolChoiceOption.Auto.REQUIRED))
                        .build();
        System.out.println(
                model(calling).call(new Prompt(Weft.PROMPT, calling)).getResult().getOutput()
                        .getToolCalls());
    }

    private static OpenAiChatOptions.Builder options(String adapter) {
        return OpenAiChatOptions.builder()
                .baseUrl(Weft.url() + "/v1")
                .apiKey("any")
                .model(adapter)
                .temperature(0.0)
                .maxCompletionTokens(100);
    }

    private static OpenAiChatModel model(OpenAiChatOptions options) {
        return OpenAiChatModel.builder().options(options).build();
    }
}
