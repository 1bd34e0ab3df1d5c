package dev.weft.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.OpenAiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
final class BenchCommandTest {
    @TempDir Path folder;

    @AutoClose private final OpenAiServer server = new OpenAiServer();

    private CommandLineRun bench(String options) {
        var all = new ArrayList<>(List.of("bench", server.address().toString()));
        all.addAll(List.of("--json", folder.resolve("out.json").toString()));
        all.addAll(List.of(options.split(" ")));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private JsonNode json() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("out.json")));
    }

    private JsonNode all() throws IOException {
        return json().at("/runs/0/all");
    }

    /** Bodies of the load, without the probe's. */
    private List<JsonNode> sent() {
        return server.bodies().stream()
                .filter(body -> body.path("max_tokens").asInt() != 1)
                .toList();
    }

    @Test
    void countsWhatTheServerSent() throws IOException {
        CommandLineRun run =
                bench("--models good --streams 3 --requests 12 --warmup 2 --output-tokens 9");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        JsonNode all = all();
        assertThat(all.path("requests").asInt()).isEqualTo(12);
        assertThat(all.path("succeeded").asInt()).isEqualTo(12);
        assertThat(all.path("output_tokens").asInt()).isEqualTo(12 * 9);
        assertThat(all.path("text_events").asInt()).isEqualTo(12 * 9);
        assertThat(all.path("short_answers").asInt()).isZero();
        assertThat(all.at("/prompt_tokens/min").asInt()).isEqualTo(45);
        assertThat(all.at("/prompt_tokens/max").asInt()).isEqualTo(45);
        assertThat(all.at("/ttft_ms/count").asInt()).isEqualTo(12);
        assertThat(all.at("/inter_token_ms/count").asInt()).isEqualTo(12 * 8);
        assertThat(all.at("/end_to_end_ms/count").asInt()).isEqualTo(12);
        double seconds = json().at("/runs/0/wall_s").asDouble();
        assertThat(all.path("tokens_per_s").asDouble())
                .isCloseTo(12 * 9 / seconds, withPercentage(0.1));
        assertThat(sent()).hasSize(14);
        assertThat(json().at("/environment/weft").asString()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(json().at("/runs/0/client_cores").asDouble()).isPositive();
    }

    @Test
    void sendsIdsBelowTheVocabularysEndAndNoPromptTwice() throws IOException {
        assertThat(bench("--models good --streams 2,4 --prompt-tokens 10..20").exitCode()).isZero();
        assertThat(json().path("prompts").asString())
                .isEqualTo("random token ids from 259 to 3999");
        Set<String> prompts = new HashSet<>();
        for (JsonNode body : sent()) {
            JsonNode prompt = body.path("prompt");
            assertThat(prompt.size()).isBetween(10, 20);
            prompt.forEach(id -> assertThat(id.asInt()).isBetween(259, 3999));
            assertThat(prompts.add(prompt.toString())).isTrue();
            assertThat(body.path("ignore_eos").asBoolean()).isTrue();
        }
        // 8 requests and a warm-up of 2 for each stream
        assertThat(sent()).hasSize((2 + 4) * 10);
        assertThat(json().path("runs").size()).isEqualTo(2);
        assertThat(json().at("/runs/1/streams").asInt()).isEqualTo(4);
    }

    @Test
    void aChatsPromptIsAsLongAsItShouldBeWithItsTemplate() throws IOException {
        CommandLineRun run = bench("--models good --api chat --prompt-tokens 40 --requests 4");
        assertThat(run.exitCode()).isZero();
        assertThat(all().at("/prompt_tokens/mean").asDouble()).isBetween(39.0, 41.0);
        assertThat(run.out())
                .contains("prompts   random words (1.50 tokens each and 4.0 on top), 40 tokens");
    }

    @Test
    void aServerThatKnowsLessGetsLess() throws IOException {
        CommandLineRun run =
                bench("--models strict --requests 4 --output-tokens 6 --prompt-tokens 12");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "note      the server refuses ignore_eos: answers may end early",
                        "note      the server refuses stream_options: tokens are counted by events",
                        "note      the server does not count prompt tokens: a word is taken for a"
                                + " token");
        assertThat(all().path("output_tokens").asInt()).isEqualTo(4 * 6);
        assertThat(all().path("prompt_tokens").isNull()).isTrue();
        assertThat(sent().getLast().propertyNames())
                .containsExactly("model", "prompt", "stream", "max_tokens", "temperature");
        assertThat(sent().getLast().path("prompt").asString().split(" ")).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource({
        "breaks,broke-off,the stream ended without [DONE]",
        "error,error-event,worker left",
        "busy,http-503,overloaded",
        "silent,timeout,no whole answer within 3 s",
        "whole,not-a-stream,'the answer is application/json, not text/event-stream'"
    })
    void failuresAreCountedByKindAndEndWithOne(String model, String kind, String message)
            throws IOException {
        CommandLineRun run =
                bench(
                        // others are answered in time on a busy machine, too
                        "--timeout "
                                + (kind.equals("timeout") ? "3s" : "1m")
                                + " --warmup 0 --requests 6 --streams 2 --popularity rotate"
                                + " --models good,"
                                + model);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("failed: 3 x " + kind + ", e.g. " + message + "\n");
        JsonNode all = all();
        assertThat(all.path("failed").asInt()).isEqualTo(3);
        assertThat(all.path("succeeded").asInt()).isEqualTo(3);
        assertThat(all.path("output_tokens").asInt()).isEqualTo(3 * 64);
        assertThat(all.path("errors").size()).isEqualTo(1);
        assertThat(all.path("errors").path(kind).path("count").asInt()).isEqualTo(3);
        JsonNode perModel = json().at("/runs/0/per_model");
        assertThat(perModel.path("good").path("failed").asInt()).isZero();
        assertThat(perModel.path(model).path("failed").asInt()).isEqualTo(3);
        assertThat(perModel.path(model).path("ttft_ms").isNull()).isTrue();
    }

    @Test
    void aFailedWarmUpIsAFailureToo() throws IOException {
        CommandLineRun run =
                bench("--models good,busy --popularity rotate --warmup 2 --requests 1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("failed in the warm-up: 1 x http-503, e.g. overloaded");
        assertThat(all().path("failed").asInt()).isZero();
    }

    @Test
    void aRunWhereAllFailsIsGivenUp() throws IOException {
        CommandLineRun run = bench("--models leaves --streams 2 --requests 1000000");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("given up: too many requests in a row failed");
        assertThat(json().at("/runs/0/given_up").asBoolean()).isTrue();
        // the other stream may have had a running request
        assertThat(all().path("requests").asInt()).isBetween(20, 21);
        assertThat(all().path("failed")).isEqualTo(all().path("requests"));
    }

    @Test
    void shortAnswersAreTold() throws IOException {
        CommandLineRun run = bench("--models all --popularity rotate --requests 6");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("0 failed, 3 answers shorter than asked for");
        assertThat(all().path("output_tokens").asInt()).isEqualTo(3 * 64 + 3 * 2);
        assertThat(json().path("models").toString()).isEqualTo("[\"good\",\"brief\"]");
    }

    @Test
    void theSameSeedSendsTheSame() {
        bench("--models good --requests 3 --warmup 0 --seed 5");
        List<JsonNode> first = List.copyOf(sent());
        server.bodies().clear();
        bench("--models good --requests 3 --warmup 0 --seed 5");
        assertThat(sent()).isEqualTo(first);
    }

    @Test
    void aKeyIsSentWithEveryRequestAndWrittenNowhere() throws IOException {
        CommandLineRun run = bench("--api-key sk-secret --requests 1");
        assertThat(run.exitCode()).isZero();
        assertThat(server.keys()).containsOnly("Bearer sk-secret");
        assertThat(run.out() + run.err() + json()).doesNotContain("sk-secret");
    }

    @Test
    void aServerThatIsNotThereIsTold() {
        server.close();
        CommandLineRun run = bench("--requests 1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith(
                        "weft: no server answers at " + server.address() + " (ConnectException)");
    }

    @Test
    void aModelThatIsNotThereEndsBeforeTheLoad() {
        CommandLineRun run = bench("--models good*,nope,-x*");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("weft: --models: the server has no 'nope'; it lists 2: good, brief\n");
        assertThat(server.bodies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--streams 0|'--streams': '0' is not allowed: 1 to 4096",
                "--streams 1,x|'x' is not an int",
                "--requests 0|'--requests': '0' is not allowed: 1 or more",
                "--warmup -1|'--warmup': '-1' is not allowed: 0 or more",
                "--duration 5|'5' is not allowed: 1ms to 24h, with the unit ms, s, m or h",
                "--timeout 0s|'0s' is not allowed: 1ms to 24h, with the unit ms, s, m or h",
                "--prompt-tokens 9..3|'9..3' is not allowed: N or MIN..MAX, each from 1 to 1000000",
                "--popularity zip|'zip' is not allowed: uniform, zipf, zipf:S, distinct, identical"
                        + " or rotate",
                "--models a,,b|'a,,b' is not allowed: all, or names with commas between",
                "--token-ids 9..3|'9..3' is not allowed: LOW..HIGH, LOW below HIGH",
                "--temperature 3|'--temperature': '3.0' is not allowed: 0 to 2",
                "--shared-prefix -1|'--shared-prefix': '-1' is not allowed: 0 or more",
                "--field top_k={|'--field': 'top_k={' is not allowed: NAME=JSON",
                "--field top_k=1[]|'--field': 'top_k=1[]' is not allowed: NAME=JSON",
                "--worker localhost:8080|'localhost:8080' is not allowed: an address like",
                "--hold eos|expected one of [IGNORE_EOS, MIN_TOKENS, BOTH, NONE]",
                "--api voice|expected one of [COMPLETIONS, CHAT]"
            })
    void aWrongOptionIsNamedWithItsValueAndWhatIsAllowed(String options, String message) {
        CommandLineRun run = bench(options);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(server.bodies()).isEmpty();
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        CommandLineRun run = CommandLineRun.of("bench", "localhost:8080");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'localhost:8080' is not allowed: an address like http://127.0.0.1:8080");
    }
}
