package dev.weft.system.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.SampleFleet;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Compares the gateway's sums of tokens with the usage reported to clients, through a real worker.
 */
@ExtendWith(SampleFleet.class)
class TokenCountsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final List<String> MODELS = List.of("sql", "json", "french", "weft-tiny");

    /** The counts of a label so far, or the reported ones. */
    private record Count(long answers, long input, long output) {
        Count plus(Count other) {
            return new Count(answers + other.answers, input + other.input, output + other.output);
        }

        Count minus(Count other) {
            return new Count(answers - other.answers, input - other.input, output - other.output);
        }
    }

    @Test
    void wholeAnswersAndStreamsWithAndWithoutUsageCountWhatClientsWereTold() throws Exception {
        for (String model : MODELS) {
            Count before = counted(model);
            Count told = new Count(0, 0, 0);
            for (String more :
                    List.of(
                            "",
                            ",\"n\":3,\"temperature\":0.7,\"seed\":5",
                            ",\"logprobs\":true",
                            ",\"stop\":\"e\"",
                            ",\"max_tokens\":1")) {
                Count whole = whole(CHAT, chat(model, more));
                told = told.plus(whole).plus(streamed(CHAT, chat(model, more)));
                // the same request, so that the count which the client doesn't get is known too
                assertThat(silent(CHAT, chat(model, more))).doesNotContain("prompt_tokens");
                told = told.plus(whole);
            }
            told = told.plus(whole(TEXT, text(model, ",\"n\":2,\"seed\":1")));
            told = told.plus(streamed(TEXT, text(model, ",\"n\":2,\"seed\":1")));
            assertCounts(model, before.plus(told));
        }
    }

    @Test
    void versionsCountUnderTheirAdaptersName() throws Exception {
        Count before = counted("sql");
        assertCounts("sql", before.plus(whole(CHAT, chat("sql@1", ""))));
    }

    @Test
    void aStreamThatIsLeftCountsNoMoreThanItWouldHaveHad() throws Exception {
        Count before = counted("sql");
        long whole = whole(TEXT, text("sql", ",\"ignore_eos\":true")).output();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer =
                    client.send(
                            request(TEXT, text("sql", ",\"ignore_eos\":true,\"stream\":true")),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (var reader =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                assertThat(reader.readLine()).startsWith("data: {");
            }
            client.shutdownNow();
        }
        Http.await(
                "the stream is over",
                () -> {
                    Count now = counted("sql").minus(before);
                    return now.answers() == 2 && now.output() > whole;
                });
        assertThat(counted("sql").minus(before).output() - whole).isBetween(1L, whole);
    }

    private static void assertCounts(String label, Count expected) throws Exception {
        AtomicReference<Count> last = new AtomicReference<>(counted(label));
        Http.await(
                () -> "counts of " + label + ": " + last + " are not " + expected,
                () -> {
                    last.set(counted(label));
                    return expected.equals(last.get());
                });
    }

    private static Count counted(String label) throws Exception {
        String metrics = Http.get(gateway().resolve("/actuator/prometheus")).body();
        String usage = "gen_ai_client_token_usage";
        return new Count(
                sum(metrics, usage + "_count", label, "input"),
                sum(metrics, usage + "_sum", label, "input"),
                sum(metrics, usage + "_sum", label, "output"));
    }

    private static long sum(String metrics, String name, String label, String type) {
        return (long)
                metrics.lines()
                        .filter(line -> line.startsWith(name + "{"))
                        .filter(line -> line.contains("weft_adapter=\"" + label + "\""))
                        .filter(line -> line.contains("gen_ai_token_type=\"" + type + "\""))
                        .mapToDouble(
                                line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum();
    }

    private static Count whole(String path, String body) throws Exception {
        HttpResponse<String> answer = Http.post(gateway().resolve(path), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.equals("weft-usage"));
        return usage(Http.json(answer));
    }

    private static Count streamed(String path, String body) throws Exception {
        String stream = silent(path, body, ",\"stream_options\":{\"include_usage\":true}");
        return stream.lines()
                .filter(line -> line.contains("\"prompt_tokens\""))
                .map(line -> usage(Http.JSON.readTree(line.substring(6))))
                .findFirst()
                .orElseThrow();
    }

    /** Reads a stream to its end. */
    private static String silent(String path, String body, String... more) throws Exception {
        String streaming =
                body.substring(0, body.length() - 1)
                        + ",\"stream\":true"
                        + String.join("", more)
                        + "}";
        HttpResponse<String> answer = Http.post(gateway().resolve(path), streaming);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("weft-usage");
        return answer.body();
    }

    private static Count usage(JsonNode answer) {
        return new Count(
                1,
                answer.at("/usage/prompt_tokens").asLong(),
                answer.at("/usage/completion_tokens").asLong());
    }

    private static HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(gateway().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String chat(String model, String more) {
        String limit = more.contains("max_tokens") ? "" : ",\"max_tokens\":24";
        String greedy = more.contains("temperature") ? "" : ",\"temperature\":0";
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"the 5 newest orders\"}]%s}"
                .formatted(model, limit + greedy + more);
    }

    private static String text(String model, String more) {
        return "{\"model\":\"%s\",\"prompt\":\"the 5 newest orders\",\"max_tokens\":24%s}"
                .formatted(model, more);
    }

    private static URI gateway() {
        return SampleFleet.fleet().gateway();
    }
}
