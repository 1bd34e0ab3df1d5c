package dev.weft.access.token;

import static dev.weft.access.token.FakeWhose.PATIENCE;
import static dev.weft.access.token.FakeWhose.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Role;
import dev.weft.access.key.TokenHash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

@Timeout(60)
class CatalogTokensTest {
    private static final String FLOODS = "10.0.0.1";

    private final FakeWhose catalog;
    private final CatalogTokens tokens;

    CatalogTokensTest() throws IOException {
        catalog = new FakeWhose();
        tokens = catalog.tokens();
    }

    @AfterEach
    void stop() {
        tokens.close();
        catalog.close();
    }

    @Test
    void manyWhoAskAtOnceForOneTokenAreOneQuestion() throws Exception {
        catalog.answers = new CountDownLatch(1);
        List<Future<Holder>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(catalog.threads.submit(() -> holder("key")));
        }
        while (catalog.questions.get() == 0) {
            Thread.onSpinWait();
        }
        catalog.answers.countDown();
        for (Future<Holder> one : asked) {
            assertThat(one.get()).isEqualTo(asked.getFirst().get());
        }
        assertThat(catalog.questions.get()).isEqualTo(1);
    }

    @Test
    void aHolderTellsWhenTheCatalogWasAsked() {
        Holder first = holder("key");
        assertThat(first.name()).isEqualTo("app");
        assertThat(first.role()).isEqualTo(Role.client);
        assertThat(holder("key")).isEqualTo(first);
        catalog.pass(Duration.ofSeconds(5));
        Confirmation later = Objects.requireNonNull(holder("key").confirmed());
        Confirmation before = Objects.requireNonNull(first.confirmed());
        assertThat(later.follows(before)).isTrue();
        assertThat(before.follows(later)).isFalse();
    }

    @Test
    void aRevokedTokenIsRefusedWithinFiveSeconds() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.known.remove("key");
        catalog.pass(Duration.ofMillis(4_900));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void aClockThatIsSetBackMakesNoAnswerCountForLonger() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.known.remove("key");
        catalog.setClock(Duration.ofHours(-1).minusMillis(4_900));
        catalog.pass(Duration.ofMillis(4_900));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void aTokenThatEndsByItselfEndsInTimeWhateverWasRemembered() {
        catalog.known.put(
                "short",
                "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\","
                        + "\"until\":\"2026-11-26T10:00:02Z\"}");
        assertThat(holder("short").name()).isEqualTo("app");
        catalog.pass(Duration.ofSeconds(2));
        assertThatThrownBy(() -> holder("short")).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whileTheCatalogIsAwayAConfirmedTokenGoesOnButNotForEver() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.stop();
        for (int minute = 0; minute < 14; minute++) {
            catalog.pass(Duration.ofMinutes(1));
            assertThat(holder("key").tenant()).as("minute %d", minute).isEqualTo("acme");
        }
        assertThatThrownBy(() -> holder("another"))
                .isInstanceOf(AuthenticationServiceException.class);
        catalog.pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(AuthenticationServiceException.class);
    }

    @Test
    void aTokenThatChangedIsAskedForAnewAndNotServedWhereTheCatalogIsAway() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        tokens.forget(TokenHash.of("key"));
        assertThat(holder("key").tenant()).isEqualTo("acme");
        assertThat(catalog.questions.get()).isEqualTo(2);

        catalog.stop();
        tokens.forget(TokenHash.of("key"));
        assertThatThrownBy(() -> holder("key")).isInstanceOf(AuthenticationServiceException.class);
    }

    @Test
    void anAnswerFromBeforeAChangeIsNotKept() throws Exception {
        catalog.answers = new CountDownLatch(1);
        Future<Holder> asked = catalog.threads.submit(() -> holder("key"));
        while (catalog.questions.get() == 0) {
            Thread.onSpinWait();
        }
        tokens.forget(TokenHash.of("key"));
        catalog.answers.countDown();
        assertThat(asked.get().tenant()).isEqualTo("acme");

        catalog.stop();
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
        assertThat(catalog.questions.get()).isEqualTo(501);
        catalog.stop();
        catalog.pass(Duration.ofSeconds(10));
        assertThat(holder("key").tenant()).isEqualTo("acme");
    }

    @Test
    void aKeyThatIsNewHereIsFoundInAFloodOfInventedOnes() throws Exception {
        catalog.answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood = flood(200);
        CompletableFuture<Authentication> valid = asked("key", FLOODS);
        CompletableFuture<Authentication> elsewhere = asked("key", "10.0.0.2");
        await(() -> catalog.questions.get() == LookupPlaces.SHARE);
        catalog.answers.countDown();

        assertThat(valid.get().getName()).isEqualTo("app");
        assertThat(elsewhere.get().getName()).isEqualTo("app");
        for (CompletableFuture<Authentication> invented : flood) {
            assertThatThrownBy(invented::get).hasCauseInstanceOf(InvalidBearerTokenException.class);
        }
        assertThat(catalog.questions.get()).isEqualTo(201);
    }

    @Test
    void aFloodLeavesPlacesToOtherClients() throws Exception {
        catalog.answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood = flood(200);
        await(() -> catalog.questions.get() == LookupPlaces.SHARE);
        CompletableFuture<Authentication> valid = asked("key", "10.0.0.2");
        await(() -> catalog.questions.get() == LookupPlaces.SHARE + 1);
        catalog.answers.countDown();
        assertThat(valid.get().getName()).isEqualTo("app");
        assertThat(flood).hasSize(200);
    }

    @Test
    void whoFindsNoPlaceIsToldWhy() {
        catalog.answers = new CountDownLatch(1);
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
            catalog.answers = new CountDownLatch(1);
            flood(LookupPlaces.SHARE + LookupPlaces.WAITING_SHARE);
            assertThatThrownBy(() -> asked("key", FLOODS).get())
                    .hasCauseInstanceOf(AuthenticationServiceException.class);
            catalog.stop();
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
        catalog.answers = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> flood =
                flood(LookupPlaces.SHARE + LookupPlaces.WAITING_SHARE);
        assertThatThrownBy(() -> asked("key", FLOODS).get())
                .hasCauseInstanceOf(AuthenticationServiceException.class);
        catalog.answers.countDown();
        for (CompletableFuture<Authentication> invented : flood) {
            assertThatThrownBy(invented::get).isNotNull();
        }
        assertThat(asked("key", FLOODS).get().getName()).isEqualTo("app");
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

    private Holder holder(String token) {
        return ((HolderAuthentication)
                        tokens.authenticate(new BearerTokenAuthenticationToken(token))
                                .blockOptional(PATIENCE)
                                .orElseThrow())
                .holder();
    }
}
