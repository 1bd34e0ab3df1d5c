package dev.weft.catalog.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that changes of a key's tokens that are made at the same moment are all kept. */
class TokensAtOnceTest {
    private static final Actor ANNA = new Actor("anna");

    @TempDir private Path data;
    @AutoClose private Database database;
    private Tokens tokens;

    @BeforeEach
    void open() {
        database = Databases.open(null, data);
        tokens = new Tokens(database, Clock.systemUTC(), () -> {});
    }

    /** The changes would meet between their reads and their writes, if they could. */
    @Test
    void noneOfTwoChangesAtOnceIsLost() throws Exception {
        long first = made();
        long second = tokens.rotate(ANNA, first, Duration.ofHours(1)).token().id();
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> requests = threads.submit(() -> change(first, both, old -> limits(60L, old)));
            Future<?> streams = threads.submit(() -> change(second, both, old -> limits(old, 4)));
            requests.get(60, TimeUnit.SECONDS);
            streams.get(60, TimeUnit.SECONDS);
        }
        KeyLimits both60And4 = new KeyLimits(List.of(), 60L, null, 4, null, null, null);
        assertThat(tokens.list()).extracting(Token::limits).containsExactly(both60And4, both60And4);
    }

    @Test
    void aTokenThatTakesAnothersPlaceHasTheLimitsThatItIsGivenAtThatMoment() throws Exception {
        KeyLimits sixty = limits(60, KeyLimits.NONE);
        for (int round = 0; round < 20; round++) {
            long id = made();
            CyclicBarrier together = new CyclicBarrier(2);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> change =
                        threads.submit(() -> change(id, together, old -> limits(60L, old)));
                Future<Tokens.Made> rotated =
                        threads.submit(() -> {
                            await(together);
                            return tokens.rotate(ANNA, id, Duration.ofHours(1));
                        });
                change.get(60, TimeUnit.SECONDS);
                long next = rotated.get(60, TimeUnit.SECONDS).token().id();
                assertThat(tokens.list())
                        .filteredOn(token -> token.id() == id || token.id() == next)
                        .extracting(Token::limits)
                        .as("round %d", round)
                        .containsExactly(sixty, sixty);
            }
        }
    }

    private long made() {
        return tokens.create(ANNA, "app", Role.client, "acme", KeyLimits.NONE, null).token().id();
    }

    private void change(long id, CyclicBarrier both, UnaryOperator<KeyLimits> limits) {
        UnaryOperator<KeyLimits> meeting =
                old -> {
                    await(both);
                    return limits.apply(old);
                };
        tokens.change(ANNA, id, new TokenChange(meeting, false, null));
    }

    /** Goes on alone after a second, since the other one may have to wait for this one's end. */
    private static void await(CyclicBarrier both) {
        try {
            both.await(1, TimeUnit.SECONDS);
        } catch (TimeoutException | BrokenBarrierException e) {
            // the other one waits, or came after that second
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KeyLimits limits(long requests, KeyLimits old) {
        return new KeyLimits(List.of(), requests, null, old.concurrentStreams(), null, null, null);
    }

    private static KeyLimits limits(KeyLimits old, int streams) {
        return new KeyLimits(List.of(), old.requestsPerMinute(), null, streams, null, null, null);
    }
}
