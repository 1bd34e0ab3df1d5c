package dev.weft.access.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.Disposable;

@Timeout(60)
class CatalogTokensTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FLOODS = "10.0.0.1";

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private HttpServer catalog;
    private CatalogTokens tokens;

    @BeforeEach
    void start() throws IOException {
        catalog = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        catalog.setExecutor(threads);
        catalog.createContext(TokenQuestion.PATH, this::whose);
        catalog.start();
        InstantSource time = now::get;
        tokens =
                new CatalogTokens(
                        new TokenQuestion(
                                URI.create("http://127.0.0.1:" + catalog.getAddress().getPort()),
                                null,
                                HttpClient.newBuilder()
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .build()),
                        time.withZone(ZoneOffset.UTC));
        known.put(
                "key", "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\"}");
    }

    @AfterEach
    void stop() {
        tokens.close();
        answers.countDown();
        catalog.stop(0);
        threads.shutdownNow();
    }

    @Test
    void manyWhoAskAtOnceForOneTokenAreOneQuestion() throws Exception {
        answers = new CountDownLatch(1);
        List<Future<Holder>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(threads.submit(() -> holder("key")));
        }
        while (questions.get() == 0) {
            Thread.onSpinWait();
        }
        answers.countDown();
        for (Future<Holder> one : asked) {
            assertThat(one.get()).isEqualTo(asked.getFirst().get());
        }
        assertThat(questions.get()).isEqualTo(1);
    }

    @Test
    void aHolderTellsWhenTheCatalogWasAsked() {
        Holder first = holder("key");
        assertThat(first.name()).isEqualTo("app");
        assertThat(first.role()).isEqualTo(Role.client);
        assertThat(holder("key")).isEqualTo(first);
        pass(Duration.ofSeconds(5));
        Confirmation later = Objects.requireNonNull(holder("key").confirmed());
        Confirmation before = Objects.requireNonNull(first.confirmed());
        assertThat(later.follows(before)).isTrue();
        assertThat(before.follows(later)).isFalse();
    }

    @Test
    void aRevokedTokenIsRefusedWithinFiveSeconds() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        known.remove("key");
        pass(Duration.ofMillis(4_900));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void aTokenThatEndsByItselfEndsInTimeWhateverWasRemembered() {
        known.put(
                "short",
                "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\","
                        + "\"until\":\"2026-11-26T10:00:02Z\"}");
        assertThat(holder("short").name()).isEqualTo("app");
        pass(Duration.ofSeconds(2));
        assertThatThrownBy(() -> holder("short")).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whileTheCatalogIsAwayAConfirmedTokenGoesOnButNotForEver() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.stop(0);
        for (int minute = 0; minute < 14; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(holder("key").tenant()).as("minute %d", minute).isEqualTo("acme");
        }
        assertThatThrownBy(() -> holder("another"))
                .isInstanceOf(AuthenticationServiceException.class);
        pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(AuthenticationServiceException.class);
    }

    @Test
    void aTokenThatChangedIsAskedForAnewAndNotServedWhereTheCatalogIsAway() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        tokens.forget(TokenHash.of("key"));
        assertThat(holder("key").tenant()).isEqualTo("acme");
        assertThat(questions.get()).isEqualTo(2);

        catalog.stop(0);
        tokens.forget(TokenHash.of("key"));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(AuthenticationServiceException.class);
    }

    @Test
    void anAnswerFromBeforeAChangeIsNotKept() throws Exception {
        answers = new CountDownLatch(1);
        Future<Holder> asked = threads.submit(() -> holder("key"));
        while (questions.get() == 0) {
            Thread.onSpinWait();
        }
        tokens.forget(TokenHash.of("key"));
        answers.countDown();
        assertThat(asked.get().tenant()).isEqualTo("acme");

        catalog.stop(0);
        assertThatThrownBy(() -> holder("key")).isInstanceOf(AuthenticationServiceException.class);
    }

    @Test
    void tokensThatNobodyKnowsDoNotPushOutThoseThatAreKnown() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        for (int i = 0; i < 500; i++) {
            String guess = "guess" + i;
            assertThatThrownBy(() -> holder(guess)).isInstanceOf(InvalidBearerTokenException.class);
            assertThatThrownBy(() -> holder(guess)).isInstanceOf(InvalidBearerTokenException.class);
        }
        assertThat(questions.get()).isEqualTo(501);
        catalog.stop(0);
        pass(Duration.ofSeconds(10));
        assertThat(holder("key").tenant()).isEqualTo("acme");
    }

    @Test
    void aKeyThatIsNewHereIsFoundInAFloodOfInventedOnes() throws Exception {
        answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood = flood(200);
        CompletableFuture<Authentication> valid = asked("key", FLOODS);
        CompletableFuture<Authentication> elsewhere = asked("key", "10.0.0.2");
        await(() -> questions.get() == LookupPlaces.SHARE);
        answers.countDown();

        assertThat(valid.get().getName()).isEqualTo("app");
        assertThat(elsewhere.get().getName()).isEqualTo("app");
        for (CompletableFuture<Authentication> invented : flood) {
            assertThatThrownBy(invented::get).hasCauseInstanceOf(InvalidBearerTokenException.class);
        }
        assertThat(questions.get()).isEqualTo(201);
    }

    @Test
    void aFloodLeavesPlacesToOtherClients() throws Exception {
        answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood = flood(200);
        await(() -> questions.get() == LookupPlaces.SHARE);
        CompletableFuture<Authentication> valid = asked("key", "10.0.0.2");
        await(() -> questions.get() == LookupPlaces.SHARE + 1);
        answers.countDown();
        assertThat(valid.get().getName()).isEqualTo("app");
        assertThat(flood).hasSize(200);
    }

    @Test
    void whoFindsNoPlaceIsToldWhy() {
        answers = new CountDownLatch(1);
        flood(LookupPlaces.SHARE + LookupPlaces.WAITING_SHARE);
        assertThatThrownBy(() -> asked("key", FLOODS).get())
                .cause()
                .isInstanceOf(AuthenticationServiceException.class)
                .hasMessageContaining("too many unknown ones");
    }

    /** One client could fill the log otherwise. */
    @Test
    void whoIsNotAnsweredLeavesNothingInTheLog() throws Exception {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Logger cache = Logger.getLogger("com.github.benmanes.caffeine.cache");
        Handler handler = new Recorder(logged);
        cache.addHandler(handler);
        try {
            answers = new CountDownLatch(1);
            flood(LookupPlaces.SHARE + LookupPlaces.WAITING_SHARE);
            assertThatThrownBy(() -> asked("key", FLOODS).get())
                    .hasCauseInstanceOf(AuthenticationServiceException.class);
            catalog.stop(0);
            assertThatThrownBy(() -> asked("another", "10.0.0.2").get())
                    .hasCauseInstanceOf(AuthenticationServiceException.class);
        } finally {
            cache.removeHandler(handler);
        }
        assertThat(logged).isEmpty();
    }

    private static final class Recorder extends Handler {
        private final List<LogRecord> logged;

        Recorder(List<LogRecord> logged) {
            this.logged = logged;
        }

        @Override
        public void publish(LogRecord event) {
            logged.add(event);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void whoFoundNoPlaceFindsOneLater() throws Exception {
        answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood =
                flood(LookupPlaces.SHARE + LookupPlaces.WAITING_SHARE);
        assertThatThrownBy(() -> asked("key", FLOODS).get())
                .hasCauseInstanceOf(AuthenticationServiceException.class);
        answers.countDown();
        for (CompletableFuture<Authentication> invented : flood) {
            assertThatThrownBy(invented::get).isNotNull();
        }
        assertThat(asked("key", FLOODS).get().getName()).isEqualTo("app");
    }

    @Test
    void whoWatchesATokenHearsThatItWasTakenBack() {
        AtomicReference<Throwable> lost = new AtomicReference<>();
        Disposable watch = watch(lost);
        await(() -> questions.get() == 1);
        tokens.forget(TokenHash.of("key"));
        await(() -> questions.get() == 2);
        assertThat(lost).hasNullValue();
        known.remove("key");
        tokens.forget(TokenHash.of("another"));
        tokens.forget(TokenHash.of("key"));
        await(() -> lost.get() != null);
        assertThat(lost.get()).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(watch.isDisposed()).isTrue();
    }

    @Test
    void aTokenThatEndsByItselfIsLostThen() {
        known.put(
                "key",
                "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\","
                        + "\"until\":\"2026-11-26T10:00:00.200Z\"}");
        AtomicReference<Throwable> lost = new AtomicReference<>();
        Disposable watch = watch(lost);
        await(() -> questions.get() == 1);
        pass(Duration.ofMillis(200));
        await(() -> lost.get() != null);
        assertThat(lost.get()).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(watch.isDisposed()).isTrue();
    }

    private Disposable watch(AtomicReference<Throwable> lost) {
        return tokens.lost(new BearerTokenAuthenticationToken("key")).subscribe(_ -> {}, lost::set);
    }

    private List<CompletableFuture<Authentication>> flood(int size) {
        List<CompletableFuture<Authentication>> flood = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            flood.add(asked("guess" + i, FLOODS));
        }
        return flood;
    }

    private CompletableFuture<Authentication> asked(String token, String client) {
        var asked = new BearerTokenAuthenticationToken(token);
        asked.setDetails(client);
        return tokens.authenticate(asked).toFuture().thenApply(Objects::requireNonNull);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).isNegative();
            Thread.onSpinWait();
        }
    }

    private void pass(Duration time) {
        now.updateAndGet(at -> at.plus(time));
    }

    private Holder holder(String token) {
        return ((HolderAuthentication)
                        tokens.authenticate(new BearerTokenAuthenticationToken(token))
                                .blockOptional(PATIENCE)
                                .orElseThrow())
                .holder();
    }

    private void whose(HttpExchange exchange) throws IOException {
        questions.incrementAndGet();
        String question =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String token = question.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        byte[] answer =
                known.getOrDefault(token, "{\"known\":false}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
