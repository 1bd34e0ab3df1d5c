package dev.weft.catalog.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.rollout.SetClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long tokens last that take another one's place. */
class TokenLifetimesTest {
    private static final Actor ANNA = new Actor("anna");
    private static final Duration OVERLAP = Duration.ofHours(1);

    @TempDir private Path data;
    private final SetClock clock = new SetClock();
    private Database database;
    private Tokens tokens;

    @BeforeEach
    void open() {
        database = Databases.open(null, data);
        tokens = new Tokens(database, clock, () -> {});
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aTokenThatIsRotatedTwiceHandsItsWholeLifetimeOnBothTimes() {
        Token first = made(Duration.ofDays(90));
        assertThat(lifetime(rotated(first))).isEqualTo(Duration.ofDays(90));
        clock.passes(Duration.ofMinutes(30));
        assertThat(lifetime(rotated(first))).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void aTokenWithoutAnEndHandsNoneOnThoughARotationEndsIt() {
        Token first = made(null);
        rotated(first);
        assertThat(rotated(first).times().expires()).isNull();
    }

    /** The time from its beginning to its new end would be longer than anybody asked for. */
    @Test
    void aLifetimeThatWasGivenLaterIsHandedOn() {
        Token first = made(null);
        clock.passes(Duration.ofDays(300));
        TokenChange week = new TokenChange(UnaryOperator.identity(), true, Duration.ofDays(7));
        Token changed = tokens.change(ANNA, first.id(), week);
        assertThat(changed.times().expires()).isEqualTo(clock.instant().plus(Duration.ofDays(7)));
        assertThat(lifetime(rotated(changed))).isEqualTo(Duration.ofDays(7));
        assertThat(lifetime(rotated(changed))).isEqualTo(Duration.ofDays(7));

        Token second = rotated(changed);
        tokens.change(ANNA, second.id(), new TokenChange(UnaryOperator.identity(), true, null));
        assertThat(rotated(second).times().expires()).isNull();
    }

    @Test
    void aTokenOfBeforeLifetimesWereKeptIsTakenByItsTimes() {
        List<Token> before = List.of(made(Duration.ofDays(30)), made(null));
        database.transaction(tx -> tx.sql("UPDATE tokens SET lifetime_millis = NULL").update());
        for (int times = 0; times < 2; times++) {
            assertThat(lifetime(rotated(before.getFirst()))).isEqualTo(Duration.ofDays(30));
            assertThat(rotated(before.getLast()).times().expires()).isNull();
        }
    }

    private Token made(@Nullable Duration lifetime) {
        return tokens.create(ANNA, "app", Role.client, "acme", KeyLimits.NONE, lifetime).token();
    }

    private Token rotated(Token token) {
        return tokens.rotate(ANNA, token.id(), OVERLAP).token();
    }

    private static Duration lifetime(Token token) {
        Token.Times times = token.times();
        return Duration.between(times.created(), Objects.requireNonNull(times.expires()));
    }
}
