package dev.weft.inference.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.text.TestTokenizers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ChatCompletionsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String HEAD =
            "{\"id\":\"chatcmpl\",\"object\":\"chat.completion.chunk\",\"created\":1795514400,"
                    + "\"model\":\"test-base\",\"choices\":[";

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

    @BeforeEach
    void forget() {
        worker.engine.requests.clear();
    }

    @Test
    void answersInOnePiece() throws Exception {
        says("Hi 😀");

        JsonNode answer = client.json(CHAT, hello(""));

        assertThat(answer)
                .isEqualTo(
                        WorkerClient.tree(
                                """
                                {"id":"chatcmpl","object":"chat.completion","created":1795514400,
                                 "model":"test-base","choices":[{"index":0,"message":{
                                 "role":"assistant","content":"Hi 😀","refusal":null},
                                 "logprobs":null,"finish_reason":"stop"}],"usage":{
                                 "prompt_tokens":20,"completion_tokens":8,"total_tokens":28,
                                 "prompt_tokens_details":{"cached_tokens":0}}}
                                """));
    }

    @Test
    void streamsWholeCharactersWithTheRoleFirst() throws Exception {
        says("a😀");

        assertThat(client.events(CHAT, hello(",\"stream\":true")))
                .containsExactly(
                        HEAD + choice("{\"role\":\"assistant\",\"content\":\"\"}", "null") + "]}",
                        HEAD + choice("{\"content\":\"a\"}", "null") + "]}",
                        HEAD + choice("{\"content\":\"😀\"}", "null") + "]}",
                        HEAD + choice("{}", "\"stop\"") + "]}",
                        "[DONE]");
    }

    @Test
    void tellsTheUsageLastWhereAsked() throws Exception {
        says("a");
        worker.engine.cachedTokens.add(16);

        List<String> events =
                client.events(
                        CHAT,
                        hello(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        assertThat(events.subList(0, 3)).allSatisfy(e -> assertThat(e).endsWith("\"usage\":null}"));
        assertThat(events.subList(3, 5))
                .containsExactly(
                        HEAD
                                + "],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":2,"
                                + "\"total_tokens\":22,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":16}}}",
                        "[DONE]");
    }

    @Test
    void rendersTheTemplateAndParsesItsSpecialTokensOnce() throws Exception {
        says("a");
        client.json(CHAT, hello(""));

        List<Integer> expected = new ArrayList<>(List.of(TestTokenizers.IM_START));
        expected.addAll(TestWorker.bytes("user\n"));
        expected.addAll(List.of(259, TestTokenizers.IM_END)); // "hello" is one token
        expected.addAll(TestWorker.bytes("\n"));
        expected.add(TestTokenizers.IM_START);
        expected.addAll(TestWorker.bytes("assistant\n"));
        assertThat(lastRequest().prompt()).isEqualTo(expected);
    }

    @Test
    void asksForTheRestOfTheContextAndTheCheckpointsDefaults() throws Exception {
        says("a");
        client.json(CHAT, hello(""));

        GenerationRequest asked = lastRequest();
        assertThat(asked.ending().maxTokens()).isEqualTo(ScriptedEngine.CONTEXT - 20);
        assertThat(asked.sampling().temperature()).isEqualTo(1);
        assertThat(asked.sampling().cut().topK()).isEqualTo(7);
        assertThat(Set.copyOf(asked.ending().stopTokens())).isEqualTo(Set.of(266, 268));
        assertThat(asked.topLogProbabilities()).isEqualTo(-1);
        assertThat(asked.adapter()).isNull();
    }

    @Test
    void handsEverySettingOn() throws Exception {
        says("a");
        client.json(
                CHAT,
                hello(
                        """
                        ,"temperature":0.5,"top_p":0.9,"top_k":3,"min_p":0.1,"presence_penalty":1,
                        "frequency_penalty":-1,"repetition_penalty":1.5,"seed":-7,"max_tokens":9,
                        "min_tokens":2,"ignore_eos":true,"stop_token_ids":[5],
                        "logit_bias":{"65":-100,"66":2.5},"user":"u","metadata":{},"store":true,
                        "unknown_field":[1]
                        """));

        GenerationRequest asked = lastRequest();
        assertThat(asked.sampling())
                .isEqualTo(
                        new Sampling(
                                0.5,
                                new Sampling.Cut(0.9, 3, 0.1),
                                new Sampling.Penalties(1, -1, 1.5),
                                -7,
                                java.util.Map.of(65, -100.0, 66, 2.5)));
        assertThat(asked.ending().maxTokens()).isEqualTo(9);
        assertThat(asked.ending().minTokens()).isEqualTo(2);
        assertThat(asked.ending().stopTokens()).containsExactly(5);
        // ignored ones don't come before min_tokens either, as in vLLM
        assertThat(Set.copyOf(asked.ending().heldBack())).isEqualTo(Set.of(5, 266, 268));
    }

    @Test
    void badWordsAreTokensOfEachSpelling() throws Exception {
        says("a");
        client.json(CHAT, hello(",\"bad_words\":[\"ab\",\" c\"]"));

        assertThat(lastRequest().sampling().badWords())
                .containsExactly(
                        List.of(97, 98), List.of(32, 97, 98), List.of(99), List.of(32, 99));
    }

    @Test
    void prefersTheNewerNameOfTheTokenLimit() throws Exception {
        says("abc");

        JsonNode answer =
                client.json(CHAT, hello(",\"max_completion_tokens\":2,\"max_tokens\":100"));

        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("ab");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void showsBytesThatAreNoTextOnlyAtTheEnd() throws Exception {
        List<Integer> half = TestWorker.bytes("a😀").subList(0, 4);
        SCRIPT.set(_ -> half);

        assertThat(client.events(CHAT, hello(",\"stream\":true")))
                .containsExactly(
                        HEAD + choice("{\"role\":\"assistant\",\"content\":\"\"}", "null") + "]}",
                        HEAD + choice("{\"content\":\"a\"}", "null") + "]}",
                        HEAD + choice("{\"content\":\"\uFFFD\"}", "null") + "]}",
                        HEAD + choice("{}", "\"length\"") + "]}",
                        "[DONE]");
    }

    @Test
    void cutsBeforeAStopStringAcrossTokensAndFreesTheRow() throws Exception {
        SCRIPT.set(_ -> TestWorker.bytes("one END" + "x".repeat(150)));

        JsonNode answer = client.json(CHAT, hello(",\"stop\":[\"nothing\",\" END\"]"));

        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("one");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(7);
        eventually(() -> worker.engine.rows() == 0);
    }

    @Test
    void givesSeveralChoicesWithSeedsOfTheirOwn() throws Exception {
        SCRIPT.set(request -> {
            List<Integer> tokens = TestWorker.bytes("s" + Math.abs(request.sampling().seed() % 10));
            tokens.add(TestTokenizers.IM_END);
            return tokens;
        });

        JsonNode answer = client.json(CHAT, hello(",\"n\":3,\"seed\":4"));

        assertThat(answer.at("/choices")).hasSize(3);
        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("s4");
        assertThat(answer.at("/choices/2/index").asInt()).isEqualTo(2);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(20);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(9);
        assertThat(
                        worker.engine.requests.stream()
                                .map(r -> r.sampling().seed())
                                .collect(Collectors.toSet()))
                .hasSize(3)
                .contains(4L);
    }

    @Test
    void tellsLogProbabilitiesWithTheTrueBytesOfEachToken() throws Exception {
        SCRIPT.set(_ -> List.of(259, 0xF0, 0x9F, 0x98, 0x80, TestTokenizers.IM_END));

        JsonNode logprobs =
                client.json(CHAT, hello(",\"logprobs\":true,\"top_logprobs\":2"))
                        .at("/choices/0/logprobs");

        assertThat(logprobs.at("/refusal").isNull()).isTrue();
        assertThat(logprobs.at("/content")).hasSize(5);
        assertThat(logprobs.at("/content/0"))
                .isEqualTo(
                        WorkerClient.tree(
                                """
                                {"token":"hello","logprob":-0.25,"bytes":[104,101,108,108,111],
                                 "top_logprobs":[
                                 {"token":"hello","logprob":-0.25,"bytes":[104,101,108,108,111]},
                                 {"token":" w","logprob":-1.25,"bytes":[32,119]}]}
                                """));
        assertThat(logprobs.at("/content/1/token").asString()).isEqualTo("bytes:\\xf0");
        assertThat(logprobs.at("/content/1/bytes").toString()).isEqualTo("[240]");
    }

    @Test
    void keepsLogProbabilitiesOfAStopStringBack() throws Exception {
        SCRIPT.set(_ -> TestWorker.bytes("ab--c"));

        List<String> events =
                client.events(CHAT, hello(",\"stream\":true,\"logprobs\":true,\"stop\":\"--\""));

        String all = String.join("\n", events);
        assertThat(all).contains("\"token\":\"a\"").contains("\"token\":\"b\"");
        assertThat(all).doesNotContain("\"token\":\"-\"").doesNotContain("\"token\":\"c\"");
    }

    @Test
    void leavesSpecialTokensOutUnlessAsked() throws Exception {
        SCRIPT.set(_ -> List.of(97, TestTokenizers.IM_START, 98, TestTokenizers.IM_END));

        assertThat(content(client.json(CHAT, hello("")))).isEqualTo("ab");
        assertThat(content(client.json(CHAT, hello(",\"skip_special_tokens\":false"))))
                .isEqualTo("a<|im_start|>b");
    }

    @Test
    void breaksAStreamOffWithAnErrorEventWhereTheEngineFails() throws Exception {
        SCRIPT.set(_ -> List.of(97, ScriptedEngine.FAILURE));

        try (var lines = client.open(client.post(CHAT, hello(",\"stream\":true"))).body()) {
            List<String> all = lines.toList();
            assertThat(all)
                    .contains(
                            "event: error",
                            "data: {\"error\":{\"message\":\"the script failed\",\"type\":"
                                + "\"server_error\",\"param\":null,\"code\":\"worker_failed\"}}");
            assertThat(String.join("\n", all)).doesNotContain("[DONE]").doesNotContain("\"stop\"");
        }
    }

    @Test
    void answersWithAnErrorWhereTheEngineFailsBeforeTheFirstToken() throws Exception {
        SCRIPT.set(_ -> List.of(ScriptedEngine.FAILURE));

        assertThat(client.send(client.post(CHAT, hello(",\"stream\":true"))).statusCode())
                .isEqualTo(502);
        assertThat(client.send(client.post(CHAT, hello(""))).statusCode()).isEqualTo(502);
    }

    @Test
    void freesTheRowOfAClientThatLeavesAStream() throws Exception {
        SCRIPT.set(_ -> java.util.Collections.nCopies(170, 97));
        worker.engine.hold();
        WorkerClient leaving = new WorkerClient(worker);
        Thread request =
                Thread.ofVirtual()
                        .start(() ->
                                ignoring(() -> leaving.events(CHAT, hello(",\"stream\":true"))));
        eventually(() -> worker.engine.rows() == 1);

        leaving.stop();

        eventually(() -> worker.engine.rows() == 0);
        worker.engine.release();
        request.join();
    }

    @Test
    void freesTheRowOfAClientThatLeavesAWholeAnswer() throws Exception {
        SCRIPT.set(_ -> java.util.Collections.nCopies(170, 97));
        worker.engine.hold();
        WorkerClient leaving = new WorkerClient(worker);
        Thread request =
                Thread.ofVirtual().start(() -> ignoring(() -> leaving.json(CHAT, hello(""))));
        eventually(() -> worker.engine.rows() == 1);

        leaving.stop();

        eventually(() -> worker.engine.rows() == 0);
        worker.engine.release();
        request.join();
    }

    private static void says(String text) {
        List<Integer> tokens = TestWorker.bytes(text);
        tokens.add(TestTokenizers.IM_END);
        SCRIPT.set(_ -> tokens);
    }

    private static String hello(String more) {
        return "{\"model\":\"test-base\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]"
                + more
                + "}";
    }

    private static String choice(String delta, String finish) {
        return "{\"index\":0,\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + finish
                + "}";
    }

    private static String content(JsonNode answer) {
        return answer.at("/choices/0/message/content").asString();
    }

    private static GenerationRequest lastRequest() {
        return worker.engine.requests.getLast();
    }

    private interface Attempt {
        Object run() throws Exception;
    }

    /** For a client that is cut off on purpose. */
    private static void ignoring(Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            assertThat(e).hasMessageMatching("(?s).*");
        }
    }

    static void eventually(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for a condition").isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
