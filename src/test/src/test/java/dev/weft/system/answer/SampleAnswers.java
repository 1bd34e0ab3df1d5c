package dev.weft.system.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletion;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests held-out prompts of the sample through a gateway, with the base and all adapters mixed. */
public abstract class SampleAnswers {
    private static final int STREAMS = 16;

    /** More tokens than any answer has. */
    private static final int MIN_TOKENS = 120;

    @AutoClose private Client client;

    /** The gateway of a fleet that serves the sample. */
    protected abstract URI gateway();

    /** The prompts that every model is asked. */
    protected List<Sample.Prompt> prompts() {
        return Sample.heldOut().counted();
    }

    @BeforeEach
    void connect() {
        client = new Client(gateway());
    }

    private record Question(String model, Sample.Prompt prompt, boolean streamed) {
        String ask(Client client) {
            return streamed
                    ? client.stream(model, prompt.text())
                    : client.ask(model, prompt.text());
        }
    }

    /** Asks all questions, {@link #STREAMS} at once, in an order that mixes models. */
    private Map<Question, String> askAll(List<Question> questions) throws Exception {
        List<Question> mixed = new ArrayList<>(questions);
        Collections.shuffle(mixed, new Random(7));
        Map<Question, String> answers = new HashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(STREAMS)) {
            List<Future<String>> running =
                    mixed.stream()
                            .map(question -> pool.submit(() -> question.ask(client)))
                            .toList();
            for (int i = 0; i < mixed.size(); i++) {
                answers.put(mixed.get(i), running.get(i).get());
            }
        }
        return answers;
    }

    /**
     * Every answer that was no close call is the reference's own. So accuracy is at least the
     * training script's less the close calls, and no adapter answers as another.
     */
    @Test
    void everyModelAnswersHeldOutPromptsAsItsTrainingScriptSays() throws Exception {
        List<Sample.Prompt> prompts = prompts();
        List<Question> questions = new ArrayList<>();
        for (Sample.Prompt prompt : prompts) {
            for (String model : Sample.MODELS) {
                questions.add(new Question(model, prompt, questions.size() % 2 == 0));
            }
        }
        Map<Question, String> answers = askAll(questions);

        for (String model : Sample.MODELS) {
            int right = 0;
            int closeCalls = 0;
            int asAnother = 0;
            for (Map.Entry<Question, String> each : answers.entrySet()) {
                Question question = each.getKey();
                if (!question.model.equals(model)) {
                    continue;
                }
                Sample.Answer reference = question.prompt.of(model);
                if (!reference.close()) {
                    assertThat(each.getValue())
                            .as("%s, %s: %s", model, question.prompt.id(), question.prompt.text())
                            .isEqualTo(reference.answer());
                }
                right += each.getValue().equals(reference.expected()) ? 1 : 0;
                closeCalls += reference.close() && reference.right() ? 1 : 0;
                asAnother += answersAsAnother(question, each.getValue()) ? 1 : 0;
            }
            double percent = 100.0 * right / prompts.size();
            double slack = 100.0 * closeCalls / prompts.size();
            assertThat(percent)
                    .as("accuracy of %s in percent", model)
                    .isGreaterThanOrEqualTo(accuracy(model, prompts) - slack);
            assertThat(100.0 * asAnother / prompts.size())
                    .as("answers of %s that are another's, in percent", model)
                    .isLessThan(2);
        }
    }

    /** The reference's, in percent. */
    private static double accuracy(String model, List<Sample.Prompt> prompts) {
        Sample.HeldOut heldOut = Sample.heldOut();
        return prompts.size() == heldOut.counted().size()
                ? heldOut.summary().accuracy(model)
                : 100.0
                        * prompts.stream().filter(prompt -> prompt.of(model).right()).count()
                        / prompts.size();
    }

    private static boolean answersAsAnother(Question question, String answer) {
        return Sample.MODELS.stream()
                .filter(other -> !other.equals(question.model))
                .anyMatch(other -> question.prompt.of(other).expected().equals(answer));
    }

    /** Tests vLLM's fields, which the official client passes on unchanged. */
    @Test
    void badWordsAndMinTokensChangeAnAnswer() throws Exception {
        String prompt = Sample.heldOut().counted().getFirst().text();
        String free = client.ask("sql", prompt);
        String word = free.split(" ", 2)[0];

        ChatCompletion without =
                client.api()
                        .chat()
                        .completions()
                        .create(
                                Client.greedy("sql", prompt)
                                        .putAdditionalBodyProperty(
                                                "bad_words", JsonValue.from(List.of(word)))
                                        .build());
        assertThat(without.choices().getFirst().message().content().orElseThrow())
                .isNotEqualTo(free);

        ChatCompletion longer =
                client.api()
                        .chat()
                        .completions()
                        .create(
                                Client.greedy("sql", prompt)
                                        .putAdditionalBodyProperty(
                                                "min_tokens", JsonValue.from(MIN_TOKENS))
                                        .putAdditionalBodyProperty(
                                                "stop_token_ids", JsonValue.from(List.of(5, 6)))
                                        .build());
        assertThat(longer.usage().orElseThrow().completionTokens())
                .isGreaterThanOrEqualTo(MIN_TOKENS);
    }

    @Test
    void aRequestAloneAndAmongFifteenOthersGetsTheSameTokens() throws Exception {
        List<Sample.Prompt> prompts = Sample.heldOut().counted();
        for (String model : Sample.MODELS) {
            String prompt = prompts.get(3).text();
            List<String> alone = client.tokens(model, prompt);
            assertThat(alone).isNotEmpty();
            try (ExecutorService pool = Executors.newFixedThreadPool(STREAMS)) {
                List<Future<?>> others = new ArrayList<>();
                for (int i = 1; i < STREAMS; i++) {
                    Question other =
                            new Question(
                                    Sample.MODELS.get(i % Sample.MODELS.size()),
                                    prompts.get(10 + i),
                                    true);
                    others.add(pool.submit(() -> other.ask(client)));
                }
                Future<List<String>> among = pool.submit(() -> client.tokens(model, prompt));
                assertThat(among.get()).as(model).isEqualTo(alone);
                for (Future<?> other : others) {
                    other.get();
                }
            }
        }
    }
}
