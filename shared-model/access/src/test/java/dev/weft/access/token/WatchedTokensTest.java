package dev.weft.access.token;

import static dev.weft.access.token.FakeWhose.PATIENCE;
import static dev.weft.access.token.FakeWhose.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.key.TokenHash;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import reactor.core.Disposable;

/** What becomes of tokens that change, for requests that are being answered too. */
@Timeout(60)
class WatchedTokensTest {
    private final FakeWhose catalog;
    private final CatalogTokens tokens;

    WatchedTokensTest() throws IOException {
        catalog = new FakeWhose();
        tokens = catalog.tokens();
    }

    @AfterEach
    void stop() {
        tokens.close();
        catalog.close();
    }

    @Test
    void afterChangesThatNobodyHeardOfTokensAreAskedForAnew() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        tokens.forgetAll();
        assertThat(holder("key").tenant()).isEqualTo("acme");
        assertThat(catalog.questions.get()).isEqualTo(2);

        catalog.stop();
        tokens.forgetAll();
        assertThat(holder("key").tenant()).isEqualTo("acme");
    }

    @Test
    void anAnswerFromBeforeChangesThatNobodyHeardOfIsNotKeptButWhatWasKnown() throws Exception {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.pass(CatalogTokens.FRESH);
        catalog.known.put(
                "key", Objects.requireNonNull(catalog.known.get("key")).replace("acme", "later"));
        catalog.answers = new CountDownLatch(1);
        Future<Holder> asked = catalog.threads.submit(() -> holder("key"));
        while (catalog.questions.get() == 1) {
            Thread.onSpinWait();
        }
        tokens.forgetAll();
        catalog.answers.countDown();
        assertThat(asked.get().tenant()).isIn("later", "acme"); // if it took too long

        catalog.stop();
        assertThat(holder("key").tenant()).isEqualTo("acme");
    }

    @Test
    void afterChangesThatNobodyHeardOfAllWhoWatchHearWhatBecameOfTheirs() {
        AtomicInteger lost = new AtomicInteger();
        for (int i = 0; i < 3 * LookupPlaces.PLACES; i++) {
            catalog.known.put("key" + i, Objects.requireNonNull(catalog.known.get("key")));
            assertThat(holder("key" + i).tenant()).isEqualTo("acme");
            var watched = new BearerTokenAuthenticationToken("key" + i);
            var _ = tokens.lost(watched).subscribe(_ -> {}, _ -> lost.incrementAndGet());
        }
        catalog.known.keySet().removeIf(key -> !key.equals("key1"));
        tokens.forgetAll();
        await(() -> {
            catalog.pass(CatalogTokens.FRESH); // who was not answered in time asks again
            return lost.get() == 3 * LookupPlaces.PLACES - 1;
        });
    }

    @Test
    void whoWatchesATokenThatMayHaveChangedHearsOfItWhenTheCatalogAnswersAgain() {
        assertThat(holder("key").tenant()).isEqualTo("acme");
        AtomicReference<Throwable> lost = new AtomicReference<>();
        Disposable watch = watch(lost);
        catalog.known.remove("key");
        catalog.fails = true;
        tokens.forgetAll();
        await(() -> catalog.questions.get() == 2);
        assertThat(holder("key").tenant()).isEqualTo("acme");
        catalog.fails = false;
        await(() -> {
            catalog.pass(CatalogTokens.FRESH);
            return lost.get() != null;
        });
        assertThat(lost.get()).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(watch.isDisposed()).isTrue();
    }

    @Test
    void whoWatchesATokenHearsThatItWasTakenBack() {
        AtomicReference<Throwable> lost = new AtomicReference<>();
        Disposable watch = watch(lost);
        await(() -> catalog.questions.get() == 1);
        tokens.forget(TokenHash.of("key"));
        await(() -> catalog.questions.get() == 2);
        assertThat(lost).hasNullValue();
        catalog.known.remove("key");
        tokens.forget(TokenHash.of("another"));
        tokens.forget(TokenHash.of("key"));
        await(() -> lost.get() != null);
        assertThat(lost.get()).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(watch.isDisposed()).isTrue();
    }

    @Test
    void aTokenThatEndsByItselfIsLostThen() {
        catalog.known.put(
                "key",
                "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\","
                        + "\"until\":\"2026-11-26T10:00:00.200Z\"}");
        AtomicReference<Throwable> lost = new AtomicReference<>();
        Disposable watch = watch(lost);
        await(() -> catalog.questions.get() == 1);
        catalog.pass(Duration.ofMillis(200));
        await(() -> lost.get() != null);
        assertThat(lost.get()).isInstanceOf(InvalidBearerTokenException.class);
        assertThat(watch.isDisposed()).isTrue();
    }

    private Disposable watch(AtomicReference<Throwable> lost) {
        return tokens.lost(new BearerTokenAuthenticationToken("key")).subscribe(_ -> {}, lost::set);
    }

    private Holder holder(String token) {
        return ((HolderAuthentication)
                        tokens.authenticate(new BearerTokenAuthenticationToken(token))
                                .blockOptional(PATIENCE)
                                .orElseThrow())
                .holder();
    }
}
