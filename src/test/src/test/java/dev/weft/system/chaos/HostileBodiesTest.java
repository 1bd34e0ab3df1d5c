package dev.weft.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Sends harmful bodies among innocent ones through the whole sample. The sender of a harmful one
 * gets an answer or a 400; everybody else gets the same answer as alone.
 */
@ExtendWith(SampleFleet.class)
class HostileBodiesTest {
    private static final int HOSTILE = 400;
    private static final int STREAMS = 12;
    private static final int VOCABULARY = 1_280;

    /** The corner cases of each field, and values that no field has. */
    private static final Map<String, List<String>> CORNERS =
            Map.ofEntries(
                    Map.entry("temperature", List.of("0", "-0.0", "1e-323", "1e-40", "2", "1e309")),
                    Map.entry("top_p", List.of("1e-323", "1e-40", "0.9", "1", "0", "1e309")),
                    Map.entry("top_k", List.of("-1", "0", "1", "2147483647", "2147483648")),
                    Map.entry("min_p", List.of("0", "1e-323", "1", "-0.0", "2")),
                    Map.entry("presence_penalty", List.of("-2", "2", "1e-323", "1e300")),
                    Map.entry("frequency_penalty", List.of("-2", "2", "1e-323", "-1e300")),
                    Map.entry("repetition_penalty", List.of("0.01", "100", "1e-323", "1e300")),
                    Map.entry("seed", List.of("0", "-9223372036854775808", "9223372036854775808")),
                    Map.entry("min_tokens", List.of("0", "8", "9")),
                    Map.entry("stop_token_ids", List.of("[]", "[0,1,2]", every(VOCABULARY))),
                    Map.entry("logit_bias", List.of("{\"5\":100}", "{\"5\":-100,\"6\":100}")),
                    Map.entry("bad_words", List.of("[\"a\",\"e\",\" \"]", "[\"the\"]")),
                    Map.entry("logprobs", List.of("0", "20", "21")),
                    Map.entry("n", List.of("1", "3", "0")),
                    Map.entry("ignore_eos", List.of("true", "false")));

    private static final List<String> OF_NO_FIELD =
            List.of("\"NaN\"", "[[[]]]", "{\"a\":{}}", "true", "-1", "\"\"", "1e-400");

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void innocentAnswersAreThoseThatEachGetsAlone() throws Exception {
        URI completions = SampleFleet.fleet().gateway().resolve("/v1/completions");
        Map<String, JsonNode> alone = new HashMap<>();
        for (String innocent : innocent()) {
            alone.put(innocent, choices(Http.post(completions, innocent)));
        }
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            bodies.add(hostile());
        }
        // this once ended everybody's requests
        bodies.add(body(Map.of("temperature", "1e-40", "top_p", "0.9")));
        bodies.add(body(Map.of("min_tokens", "1", "stop_token_ids", every(VOCABULARY))));

        try (ExecutorService pool = Executors.newFixedThreadPool(STREAMS)) {
            List<Future<?>> running = new ArrayList<>();
            for (String body : bodies) {
                running.add(pool.submit(() -> attack(completions, body)));
                String innocent = innocent().get(running.size() % innocent().size());
                running.add(
                        pool.submit(() -> {
                            JsonNode choices = choices(Http.post(completions, innocent));
                            assertThat(choices).as(innocent).isEqualTo(alone.get(innocent));
                            return choices;
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static JsonNode attack(URI completions, String body) throws Exception {
        HttpResponse<String> response = Http.post(completions, body);
        assertThat(response.statusCode()).as("%s: %s", body, response.body()).isIn(200, 400);
        return Http.json(response);
    }

    private static JsonNode choices(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Http.json(response).path("choices");
    }

    /** Innocent requests to each model, greedy and seeded, with log-probabilities. */
    private static List<String> innocent() {
        return Sample.MODELS.stream()
                .flatMap(model ->
                        List.of("\"temperature\":0", "\"temperature\":0.9,\"seed\":7").stream()
                                .map(how ->
                                        """
                                        {"model":"%s","prompt":"all unpaid orders of Paris",\
                                        "max_tokens":12,"logprobs":2,%s}\
                                        """
                                                .formatted(model, how)))
                .toList();
    }

    private String hostile() {
        List<String> names = new ArrayList<>(CORNERS.keySet());
        Map<String, String> fields = new HashMap<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            String name = names.get(random.nextInt(names.size()));
            List<String> corners = CORNERS.getOrDefault(name, OF_NO_FIELD);
            List<String> values = random.nextInt(12) == 0 ? OF_NO_FIELD : corners;
            fields.put(name, values.get(random.nextInt(values.size())));
        }
        return body(fields);
    }

    private String body(Map<String, String> fields) {
        String model = Sample.MODELS.get(random.nextInt(Sample.MODELS.size()));
        return "{\"model\":\""
                + model
                + "\",\"prompt\":\"all unpaid orders\",\"max_tokens\":8"
                + fields.entrySet().stream()
                        .map(field -> ",\"" + field.getKey() + "\":" + field.getValue())
                        .collect(Collectors.joining())
                + "}";
    }

    /** The token ids from 0 on. */
    private static String every(int tokens) {
        return IntStream.range(0, tokens).boxed().toList().toString();
    }
}
