package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.text.TestTokenizers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a gateway that asks is told beside the answer. */
class AnswerNotesTest {
    private static final String TEXT = "/v1/completions";
    private static final String CHAT = "/v1/chat/completions";

    private static final AtomicReference<Function<GenerationRequest, List<Integer>>> SCRIPT =
            new AtomicReference<>(_ -> List.of());
    private static TestWorker worker;
    private static WorkerClient client;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker = TestWorker.start(data, request -> SCRIPT.get().apply(request));
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
    }

    @Test
    void aStreamCountsTheTokensOfAllChoicesAtEachEvent() throws Exception {
        // "a", both halves of "é" in one event, and an end that is told with the reason
        SCRIPT.set(_ -> List.of(97, 0xC3, 0xA9, TestTokenizers.IM_END));

        List<String> one = notes(asked(TEXT, text("")).body());
        List<String> two = notes(asked(TEXT, text(",\"n\":2")).body());

        assertThat(one)
                .containsExactly(
                        ": weft-usage 3 1",
                        ": weft-usage 3 3",
                        ": weft-usage 3 4",
                        ": weft-usage 3 4");
        assertThat(two).hasSize(7).last().isEqualTo(": weft-usage 3 8 2");
    }

    @Test
    void withoutItsNotesAStreamIsTheOneThatWasNotAskedForThem() throws Exception {
        SCRIPT.set(_ -> List.of(97, 0xC3, 0xA9, TestTokenizers.IM_END));
        for (String more : List.of("", ",\"logprobs\":true", ",\"stop\":\"zz\"")) {
            String body = chat(more + ",\"stream_options\":{\"include_usage\":true}");
            String plain = withoutIds(client.send(client.post(CHAT, body)).body());
            String noted = withoutIds(asked(CHAT, body).body());
            assertThat(plain).doesNotContain(": weft-");
            assertThat(noted).contains(": weft-usage ");
            assertThat(noted.replaceAll(": weft-usage [0-9]+ [0-9]+( [0-9]+)?\n", ""))
                    .isEqualTo(plain);
        }
    }

    @Test
    void theLastNoteSaysWhatTheUsageSays() throws Exception {
        SCRIPT.set(_ -> List.of(97, 98, 99, 100, TestTokenizers.IM_END));
        for (String more : List.of("", ",\"n\":3", ",\"stop\":\"bc\"", ",\"max_tokens\":2")) {
            String body = chat(more + ",\"stream_options\":{\"include_usage\":true}");
            String stream = asked(CHAT, body).body();
            JsonNode usage =
                    stream.lines()
                            .filter(line -> line.contains("\"prompt_tokens\""))
                            .map(line -> WorkerClient.tree(line.substring(6)).at("/usage"))
                            .findFirst()
                            .orElseThrow();
            assertThat(notes(stream))
                    .last()
                    .isEqualTo(
                            ": weft-usage "
                                    + usage.at("/prompt_tokens").asInt()
                                    + " "
                                    + usage.at("/completion_tokens").asInt()
                                    + (more.contains("\"n\":3") ? " 3" : ""));
        }
    }

    @Test
    void theHeadOfAWholeAnswerSaysWhatItsUsageSays() throws Exception {
        SCRIPT.set(_ -> List.of(97, 98, TestTokenizers.IM_END));
        String body = "{\"model\":\"test-base\",\"prompt\":\"abc\"}";

        assertThat(asked(TEXT, body).headers().firstValue("weft-usage")).contains("3 3");
        assertThat(client.send(client.post(TEXT, body)).headers().firstValue("weft-usage"))
                .isEmpty();
    }

    @Test
    void errorsAreToldBeforeAndWithinAStream() throws Exception {
        SCRIPT.set(_ -> List.of(97, ScriptedEngine.FAILURE));
        assertThat(asked(TEXT, text("")).body())
                .contains("\n\n: weft-error worker_failed\nevent: error\ndata: {");
        SCRIPT.set(_ -> List.of(ScriptedEngine.FAILURE));
        assertThat(asked(TEXT, text("")).headers().firstValue("weft-error"))
                .contains("worker_failed");
        assertThat(asked(TEXT, text(",\"n\":-1")).headers().firstValue("weft-error"))
                .contains("invalid_value");
        assertThat(
                        client.send(client.post(TEXT, text(",\"n\":-1")))
                                .headers()
                                .firstValue("weft-error"))
                .isEmpty();
    }

    private static HttpResponse<String> asked(String path, String body) throws Exception {
        return client.send(client.post(path, body, "weft-tell", "usage"));
    }

    private static List<String> notes(String stream) {
        return stream.lines().filter(line -> line.startsWith(": weft-")).toList();
    }

    private static String withoutIds(String stream) {
        return stream.replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"\"");
    }

    private static String text(String more) {
        return "{\"model\":\"test-base\",\"prompt\":\"abc\",\"stream\":true" + more + "}";
    }

    private static String chat(String more) {
        return "{\"model\":\"test-base\",\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]"
                + more
                + "}";
    }
}
