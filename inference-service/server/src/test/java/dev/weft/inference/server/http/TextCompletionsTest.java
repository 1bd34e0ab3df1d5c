package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.text.TestTokenizers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TextCompletionsTest {
    private static final String TEXT = "/v1/completions";

    private static TestWorker worker;
    private static WorkerClient client;

    /** Says the first token of its prompt again, then "é" and the end. */
    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        worker =
                TestWorker.start(
                        data,
                        request ->
                                List.of(
                                        request.prompt().getFirst(),
                                        0xC3,
                                        0xA9,
                                        98,
                                        TestTokenizers.IM_END));
        client = new WorkerClient(worker);
    }

    @AfterAll
    static void stop() {
        client.stop();
        worker.close();
    }

    @BeforeEach
    void forget() {
        worker.engine.requests.clear();
    }

    @Test
    void answersAPrompt() throws Exception {
        assertThat(client.json(TEXT, body("\"a\"", "")))
                .isEqualTo(
                        WorkerClient.tree(
                                """
                                {"id":"cmpl","object":"text_completion","created":1795514400,
                                 "model":"test-base","choices":[{"index":0,"text":"aéb",
                                 "logprobs":null,"finish_reason":"stop"}],"usage":{
                                 "prompt_tokens":1,"completion_tokens":5,"total_tokens":6,
                                 "prompt_tokens_details":{"cached_tokens":0}}}
                                """));
        assertThat(worker.engine.requests.getFirst().ending().maxTokens()).isEqualTo(16);
    }

    @Test
    void takesAllFormsOfPrompts() throws Exception {
        assertThat(texts("[\"a\",\"b\"]")).containsExactly("aéb", "béb");
        assertThat(texts("[99,100]")).containsExactly("céb");
        assertThat(texts("[[99],[100,101]]")).containsExactly("céb", "déb");
        assertThat(texts("\"<|im_start|>\"")).containsExactly("éb");
    }

    @Test
    void numbersChoicesByPrompt() throws Exception {
        JsonNode answer = client.json(TEXT, body("[\"a\",\"b\"]", ",\"n\":2"));

        assertThat(answer.at("/choices").valueStream().map(c -> c.at("/text").asString()))
                .containsExactly("aéb", "aéb", "béb", "béb");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(20);
    }

    @Test
    void aPromptOfAListIsDrawnAsItIsAlone() throws Exception {
        client.json(TEXT, body("[\"a\",\"b\"]", ",\"n\":2,\"seed\":5"));

        List<Long> seeds =
                worker.engine.requests.stream()
                        .sorted(Comparator.comparing(request -> request.prompt().getFirst()))
                        .map(request -> request.sampling().seed())
                        .toList();
        assertThat(seeds).contains(5L);
        assertThat(Set.copyOf(seeds.subList(0, 2))).isEqualTo(Set.copyOf(seeds.subList(2, 4)));
    }

    @Test
    void promptsOfAListWithoutASeedAreDrawnEachForItself() throws Exception {
        client.json(TEXT, body("[\"a\",\"a\",\"a\"]", ",\"n\":2"));

        assertThat(worker.engine.requests)
                .extracting(request -> request.sampling().seed())
                .hasSize(6)
                .doesNotHaveDuplicates();
    }

    @Test
    void countsWhatOfAPromptWasCachedForAllOfItsChoices() throws Exception {
        worker.engine.cachedTokens.addAll(List.of(3, 5, 2, 0));

        JsonNode answer = client.json(TEXT, body("[\"abcdef\",\"bcdefg\"]", ",\"n\":2"));

        assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void streamsTextAndTheReasonWithTheLastOfIt() throws Exception {
        String head =
                "{\"id\":\"cmpl\",\"object\":\"text_completion\",\"created\":1795514400,"
                        + "\"model\":\"test-base\",\"choices\":[{\"index\":0,\"text\":\"";
        String none = "\",\"logprobs\":null,\"finish_reason\":null}]}";

        assertThat(client.events(TEXT, body("\"a\"", ",\"stream\":true")))
                .containsExactly(
                        head + "a" + none,
                        head + "é" + none,
                        head + "b" + none,
                        head + "\",\"logprobs\":null,\"finish_reason\":\"stop\"}]}",
                        "[DONE]");
    }

    @Test
    void tellsLogProbabilitiesInTheOlderShape() throws Exception {
        JsonNode logprobs =
                client.json(TEXT, body("\"a\"", ",\"logprobs\":1")).at("/choices/0/logprobs");

        assertThat(logprobs)
                .isEqualTo(
                        WorkerClient.tree(
                                """
                                {"text_offset":[0,1,1,2],"token_logprobs":[-0.25,-0.25,-0.25,-0.25],
                                 "tokens":["a","bytes:\\\\xc3","bytes:\\\\xa9","b"],
                                 "top_logprobs":[{"a":-0.25},{"bytes:\\\\xc3":-0.25},
                                 {"bytes:\\\\xa9":-0.25},{"b":-0.25}]}
                                """));
    }

    /** Of its first character, too, which takes two tokens. */
    @Test
    void tellsNoLogProbabilitiesOfAStopString() throws Exception {
        JsonNode choice =
                client.json(TEXT, body("\"a\"", ",\"logprobs\":1,\"stop\":[\"éb\"]"))
                        .at("/choices/0");

        assertThat(choice.path("text").asString()).isEqualTo("a");
        assertThat(choice.at("/logprobs/tokens")).hasToString("[\"a\"]");
    }

    @Test
    void listsModels() throws Exception {
        JsonNode list = WorkerClient.tree(get("/v1/models").body());

        assertThat(list.at("/object").asString()).isEqualTo("list");
        assertThat(list.at("/data/0"))
                .isEqualTo(
                        WorkerClient.tree(
                                """
                                {"id":"test-base","object":"model","created":1795514400,
                                 "owned_by":"weft","root":"HF:weft/test-base","parent":null,
                                 "max_model_len":200}
                                """));
        assertThat(WorkerClient.tree(get("/v1/models/test-base").body()))
                .isEqualTo(list.at("/data/0"));
        assertThat(get("/v1/models/owner%2Fother").statusCode()).isEqualTo(503);
    }

    @Test
    void tokenizesPromptsAndChats() throws Exception {
        assertThat(client.json("/tokenize", body("\"hello world<|im_end|>\"", "")))
                .isEqualTo(
                        WorkerClient.tree(
                                "{\"count\":3,\"max_model_len\":200,\"tokens\":[259,264,268]}"));
        String chat =
                "{\"model\":\"test-base\",\"add_generation_prompt\":false,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        assertThat(client.json("/tokenize", chat).at("/tokens").toString())
                .isEqualTo("[267,117,115,101,114,10,259,268,10]");
    }

    @Test
    void detokenizesWithSpecialTokens() throws Exception {
        assertThat(
                        client.json(
                                "/detokenize",
                                "{\"model\":\"test-base\",\"tokens\":[267,259,264,268]}"))
                .isEqualTo(WorkerClient.tree("{\"prompt\":\"<|im_start|>hello world<|im_end|>\"}"));
    }

    @Test
    void servesHealthAndMetrics() throws Exception {
        assertThat(get("/actuator/health/liveness").body()).contains("UP");
        assertThat(get("/actuator/health/readiness").body()).contains("UP");
        assertThat(get("/metrics").body()).contains("vllm:num_requests_running 0.0");
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "vllm:num_requests_waiting",
                        "vllm:prefix_cache_queries_total",
                        "vllm:prefix_cache_hits_total");
    }

    private static List<String> texts(String prompt) throws Exception {
        return client.json(TEXT, body(prompt, ""))
                .at("/choices")
                .valueStream()
                .map(choice -> choice.at("/text").asString())
                .toList();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(client.request(path).GET().build());
    }

    private static String body(String prompt, String more) {
        return "{\"model\":\"test-base\",\"prompt\":" + prompt + more + "}";
    }
}
