package dev.weft.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.limit.Allowances.Kind;
import dev.weft.gateway.limit.Allowances.Taken;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryAllowancesTest {
    private static final Allowances.Of SIXTY = new Allowances.Of(1, Kind.TOKENS, 60);

    private final AtomicLong nanos = new AtomicLong();
    private final MemoryAllowances allowances = new MemoryAllowances(nanos::get);

    @Test
    void growsBackSteadily() {
        assertThat(take(SIXTY, 60).remaining()).isZero();
        Taken refused = take(SIXTY, 2);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(refused.reset()).isEqualTo(Duration.ofMinutes(1));
        pass(Duration.ofSeconds(2));
        assertThat(take(SIXTY, 2).granted()).isTrue();
        assertThat(take(SIXTY, 1).granted()).isFalse();
    }

    @Test
    void whatWasNotUsedComesBackAndWhatWasUsedBeyondHasToGrowBackFirst() {
        take(SIXTY, 50);
        allowances.correct(SIXTY, 45);
        assertThat(take(SIXTY, 1).remaining()).isEqualTo(54);
        allowances.correct(SIXTY, -84);
        Taken refused = take(SIXTY, 1);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.remaining()).isZero();
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(31));
        allowances.correct(SIXTY, 1_000);
        assertThat(take(SIXTY, 1).remaining()).isEqualTo(59);
    }

    @Test
    void keysAndKindsAreApart() {
        take(SIXTY, 60);
        assertThat(take(new Allowances.Of(2, Kind.TOKENS, 60), 60).granted()).isTrue();
        assertThat(take(new Allowances.Of(1, Kind.REQUESTS, 60), 60).granted()).isTrue();
    }

    @Test
    void aChangedLimitKeepsTheShareThatIsLeft() {
        take(SIXTY, 30);
        Allowances.Of more = new Allowances.Of(1, Kind.TOKENS, 600);
        assertThat(take(more, 1).remaining()).isEqualTo(299);
        assertThat(take(SIXTY, 1).remaining()).isBetween(28L, 29L);
    }

    private Taken take(Allowances.Of allowance, long amount) {
        return allowances.take(allowance, amount).join();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
