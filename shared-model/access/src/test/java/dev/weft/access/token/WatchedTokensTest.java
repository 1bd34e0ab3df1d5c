package dev.weft.access.token;

import static dev.weft.access.token.FakeWhose.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
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
}
