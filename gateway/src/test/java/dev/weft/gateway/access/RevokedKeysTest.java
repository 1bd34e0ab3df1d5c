package dev.weft.gateway.access;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.post;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Requests under way whose key is taken back, over real HTTP. */
@Timeout(120)
class RevokedKeysTest {
    private static final String KEY = "a-key";

    private final Sinks.Many<String> more = Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicInteger cancelled = new AtomicInteger();

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        catalog.tokens.put(KEY, Optional.of("default"));
        catalog.tokens.put("other", Optional.of("default"));
        worker = new FakeWorker(BASE, 0);
        worker.answers(
                FakeWorker.stream(
                        Flux.concat(Mono.just(note(7, 3) + "data: 1\n\n"), more.asFlux())
                                .doOnCancel(cancelled::incrementAndGet)));
        gateway = Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void theStreamOfARevokedKeyEndsWithAnErrorAndIsCounted() throws Exception {
        try (BufferedReader stream = stream()) {
            assertThat(stream.readLine()).isEqualTo("data: 1");
            catalog.revoke(KEY);
            assertThat(rest(stream)).contains("event: error").contains("invalid_api_key");
        }
        await(() -> cancelled.get() == 1);
        await(() -> counts().requests() == 1);
        assertThat(counts().promptTokens()).isEqualTo(7);
        assertThat(counts().completionTokens()).isEqualTo(3);
    }

    @Test
    void aStreamEndsThoughTheGatewayWasAwayWhenItsKeyWasRevoked() throws Exception {
        try (BufferedReader stream = stream()) {
            assertThat(stream.readLine()).isEqualTo("data: 1");
            catalog.tokens.remove(KEY);
            catalog.loseFollowers();
            assertThat(rest(stream)).contains("event: error").contains("invalid_api_key");
        }
    }

    @Test
    void theStreamOfAKeyThatEndsByItselfEndsWithIt() throws Exception {
        catalog.ends.put(KEY, Instant.now().plusSeconds(2));
        try (BufferedReader stream = stream()) {
            assertThat(stream.readLine()).isEqualTo("data: 1");
            assertThat(rest(stream)).contains("invalid_api_key");
        }
    }

    @Test
    void aKeyThatOnlyChangesKeepsItsStream() throws Exception {
        try (BufferedReader stream = stream()) {
            assertThat(stream.readLine()).isEqualTo("data: 1");
            int questions = catalog.questions.get();
            catalog.change(KEY, ",\"limits\":{\"requestsPerMinute\":10}");
            await(() -> catalog.questions.get() > questions);
            catalog.revoke("other");
            Sinks.EmitResult _ = more.tryEmitNext("data: [DONE]\n\n");
            Sinks.EmitResult _ = more.tryEmitComplete();
            assertThat(rest(stream)).contains("data: [DONE]").doesNotContain("error");
        }
    }

    @Test
    void anAnswerThatHasNotBegunIsA401() throws Exception {
        worker.answers((_, _) -> Mono.never());
        CompletableFuture<HttpResponse<String>> answer =
                Gateways.CLIENT.sendAsync(request(), HttpResponse.BodyHandlers.ofString());
        String _ = worker.next().body();
        catalog.revoke(KEY);
        assertThat(answer.get().statusCode()).isEqualTo(401);
        assertThat(Gateways.error(answer.get()).get("code").asString())
                .isEqualTo("invalid_api_key");
    }

    /** Nothing that it could send again later. */
    @Test
    void aRequestThatWaitsForAWorkerIsA401() throws Exception {
        worker.answers((_, _) -> Mono.never());
        worker.tells(new WorkerState(false, 4, Map.of(), new WorkerLoad(1, 0, Map.of(), 0, 0, 0)));
        Gateways.awaitStates(gateway);
        CompletableFuture<HttpResponse<String>> last = null;
        while (Gateways.waiting(gateway) == 0) {
            last = Gateways.CLIENT.sendAsync(request(), HttpResponse.BodyHandlers.ofString());
            await(() -> !worker.gotNothing() || Gateways.waiting(gateway) == 1);
            worker.requests();
        }
        catalog.revoke(KEY);
        HttpResponse<String> answer = requireNonNull(last).get();
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }

    private BufferedReader stream() throws Exception {
        HttpResponse<InputStream> answer =
                Gateways.CLIENT.send(request(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String rest(BufferedReader stream) throws IOException {
        return stream.lines().collect(Collectors.joining("\n"));
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(
                        post(
                                gateway,
                                "/v1/chat/completions",
                                "{\"model\":\"sql\",\"stream\":true}"),
                        (_, _) -> true)
                .header("Authorization", "Bearer " + KEY)
                .build();
    }

    private UsageCounts counts() {
        return catalog.batches.stream()
                .flatMap(batch -> batch.lines().stream())
                .map(UsageBatch.Line::counts)
                .reduce(UsageCounts.NONE, UsageCounts::plus);
    }

    private static String note(long input, long output) {
        return new String(
                AnswerNotes.usageLine(new TokenCount(input, output)), StandardCharsets.UTF_8);
    }
}
