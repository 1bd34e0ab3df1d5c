package dev.weft.system.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Tests calls of users of {@code com.openai:openai-java}, with no special case for Weft. */
@ExtendWith(SampleFleet.class)
class OfficialClientTest {
    @AutoClose private static Client client;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void connect() {
        client = new Client(SampleFleet.fleet().gateway());
        prompt = Sample.heldOut().counted().getFirst();
    }

    @Test
    void listsAndShowsModels() throws Exception {
        List<Model> models = client.api().models().list().data();
        assertThat(models).extracting(Model::id).containsAll(Sample.MODELS);
        assertThat(models.getFirst().id()).isEqualTo(Sample.BASE);

        Model sql = client.api().models().retrieve("sql");
        assertThat(sql.ownedBy()).isEqualTo("weft");
        assertThat(sql.created()).isPositive();
        JsonNode asJson =
                Http.json(Http.get(SampleFleet.fleet().gateway().resolve("/v1/models/sql")));
        assertThat(asJson.get("parent").asString()).isEqualTo(Sample.BASE);
        assertThat(asJson.get("root").asString()).startsWith("FILE:").contains("sql");
    }

    @Test
    void answersInTheNameThatWasAskedForWithUsage() {
        ChatCompletion answer =
                client.api()
                        .chat()
                        .completions()
                        .create(Client.greedy("sql", prompt.text()).build());
        assertThat(answer.model()).isEqualTo("sql");
        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().promptTokens()).isPositive();
        assertThat(answer.usage().orElseThrow().totalTokens())
                .isEqualTo(
                        answer.usage().orElseThrow().promptTokens()
                                + answer.usage().orElseThrow().completionTokens());
    }

    @Test
    void streamsWithUsageInTheLastChunk() {
        ChatCompletionCreateParams asked =
                Client.greedy("french", prompt.text())
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.api().chat().completions().createStreaming(asked)) {
            List<ChatCompletionChunk> all = chunks.stream().toList();
            assertThat(all.size()).isGreaterThan(5);
            assertThat(all).allSatisfy(c -> assertThat(c.model()).isEqualTo("french"));
            assertThat(all.getLast().usage().orElseThrow().completionTokens()).isPositive();
            assertThat(all)
                    .anySatisfy(c ->
                            assertThat(c.choices())
                                    .anySatisfy(choice ->
                                            assertThat(choice.finishReason())
                                                    .contains(
                                                            ChatCompletionChunk.Choice.FinishReason
                                                                    .STOP)));
        }
    }

    @Test
    void readsLogprobs() {
        ChatCompletion answer =
                client.api()
                        .chat()
                        .completions()
                        .create(
                                Client.greedy(Sample.BASE, prompt.text())
                                        .logprobs(true)
                                        .topLogprobs(3)
                                        .build());
        List<ChatCompletionTokenLogprob> tokens =
                answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
        assertThat(tokens).isNotEmpty();
        for (ChatCompletionTokenLogprob token : tokens) {
            assertThat(token.logprob()).isLessThanOrEqualTo(0);
            assertThat(token.topLogprobs()).hasSize(3);
            // With greedy sampling the token is the likeliest one.
            assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
            assertThat(token.topLogprobs().getFirst().logprob())
                    .isEqualTo(token.logprob(), within(1e-6));
        }
    }

    @Test
    void completesPlainText() {
        Completion completion =
                client.api()
                        .completions()
                        .create(
                                CompletionCreateParams.builder()
                                        .model("sql")
                                        .prompt("SELECT")
                                        .maxTokens(5)
                                        .temperature(0.0)
                                        .build());
        assertThat(completion.model()).isEqualTo("sql");
        assertThat(completion.usage().orElseThrow().completionTokens()).isBetween(1L, 5L);
    }

    @Test
    void anUnknownModelIsANotFoundException() {
        assertThatThrownBy(() -> client.ask("nope", "hello"))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> {
                            assertThat(e.code()).contains("model_not_found");
                            assertThat(e.type()).contains("invalid_request_error");
                            assertThat(e.param()).contains("model");
                        })
                .hasMessageContaining("The model 'nope' does not exist");
        assertThatThrownBy(() -> client.stream("nope", "hello"))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.api().models().retrieve("nope"))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aBadParameterIsABadRequestExceptionThatNamesIt() {
        assertThatThrownBy(() ->
                        client.api()
                                .chat()
                                .completions()
                                .create(Client.greedy("sql", "hello").temperature(-1.0).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.param()).contains("temperature"));
        assertThatThrownBy(() -> client.ask("sql", "list the orders from Lyon ".repeat(400)))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.code()).contains("context_length_exceeded"));
    }
}
