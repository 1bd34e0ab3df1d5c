package dev.weft.gateway.limit.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.limit.allowance.ClaimOutcome.Granted;
import dev.weft.gateway.limit.allowance.ClaimOutcome.Refused;
import dev.weft.gateway.limit.allowance.Levels.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryAllowancesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final MemoryAllowances allowances = new MemoryAllowances(nanos::get);

    @Test
    void growsBackSteadily() {
        assertThat(tokens(granted(sixty(60)).levels()).remaining()).isZero();
        Refused refused = refused(sixty(2));
        assertThat(refused.by()).isEqualTo(Limit.TOKENS);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(tokens(refused.levels()).reset()).isEqualTo(Duration.ofMinutes(1));
        pass(Duration.ofSeconds(2));
        granted(sixty(2));
        refused(sixty(1));
    }

    @Test
    void whatWasNotUsedComesBackAndWhatWasUsedBeyondHasToGrowBackFirst() {
        granted(sixty(50)).grant().end(5);
        Granted next = granted(sixty(1));
        assertThat(tokens(next.levels()).remaining()).isEqualTo(54);
        next.grant().end(85);
        Refused refused = refused(sixty(1));
        assertThat(tokens(refused.levels()).remaining()).isZero();
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(31));
    }

    @Test
    void keysAndLimitsAreApart() {
        granted(sixty(60));
        granted(new Claim(2, null, 60L, 60, null));
        granted(new Claim(1, 60L, null, 60, null));
    }

    @Test
    void aChangedLimitKeepsTheShareThatIsLeft() {
        granted(sixty(30));
        Claim more = new Claim(1, null, 600L, 1, null);
        assertThat(tokens(granted(more).levels()).remaining()).isEqualTo(299);
        assertThat(tokens(granted(sixty(1)).levels()).remaining()).isBetween(28L, 29L);
    }

    @Test
    void whoeverIsRefusedHasTakenNothing() {
        Claim all = new Claim(1, 2L, 60L, 40, 1);
        Grant first = granted(all).grant();
        assertThat(refused(all).by()).isEqualTo(Limit.TOKENS);
        assertThat(refused(new Claim(1, 2L, 60L, 1, 1)).by()).isEqualTo(Limit.STREAMS);
        first.end(0);
        Levels left = granted(new Claim(1, 2L, 60L, 1, 1)).levels();
        assertThat(level(left.requests()).remaining()).isZero();
        assertThat(tokens(left).remaining()).isEqualTo(59);
        assertThat(refused(new Claim(1, 2L, 60L, 1, 1)).by()).isEqualTo(Limit.REQUESTS);
    }

    /** As a refusal of Redis tells it. */
    @Test
    void aRefusalTellsWhatIsLeftOnceAllIsGivenBack() {
        granted(new Claim(1, 10L, 60L, 20, 1));
        Refused byTokens = refused(new Claim(1, 10L, 60L, 41, null));
        assertThat(level(byTokens.levels().requests()).remaining()).isEqualTo(9);
        assertThat(level(byTokens.levels().requests()).reset()).isEqualTo(Duration.ofSeconds(6));
        assertThat(tokens(byTokens.levels()).remaining()).isEqualTo(40);
        Refused byStreams = refused(new Claim(1, 10L, 60L, 10, 1));
        assertThat(byStreams.by()).isEqualTo(Limit.STREAMS);
        assertThat(level(byStreams.levels().requests()).remaining()).isEqualTo(9);
        assertThat(tokens(byStreams.levels()).remaining()).isEqualTo(40);
        assertThat(tokens(byStreams.levels()).reset()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aDebtIsKeptUntilItHasGrownBack() {
        granted(sixty(1)).grant().end(3_000);
        pass(Duration.ofMinutes(48));
        assertThat(refused(sixty(1)).retryAfter()).isEqualTo(Duration.ofSeconds(61));
        pass(Duration.ofMinutes(1).plusSeconds(1));
        granted(sixty(1));
    }

    @Test
    void aDebtOfMoreThanADayIsForgottenThen() {
        granted(sixty(1)).grant().end(1_000_000);
        pass(Duration.ofHours(23));
        refused(sixty(1));
        pass(Duration.ofHours(24).plusSeconds(1));
        granted(sixty(60));
    }

    @Test
    void whatALongStreamUsesIsHeldAgainstItsKey() {
        Grant stream = granted(sixty(30)).grant();
        pass(Duration.ofMinutes(10));
        granted(sixty(20));
        stream.end(100);
        assertThat(refused(sixty(1)).retryAfter()).isEqualTo(Duration.ofSeconds(31));
        Grant other = granted(new Claim(2, null, 60L, 30, null)).grant();
        pass(Duration.ofMinutes(10));
        other.end(100); // nobody else has asked meanwhile
        assertThat(refused(new Claim(2, null, 60L, 1, null)).retryAfter())
                .isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void whatIsUndoneWasNeverThere() {
        Claim all = new Claim(1, 1L, 60L, 60, 1);
        granted(all).grant().undo();
        granted(all);
    }

    @Test
    void aClaimAboveItsShareIsGrantedOnceAllIsLeftAndLeavesADebt() {
        Claim share = new Claim(1, null, 60L, 50, null).share(2);
        Grant first = granted(share).grant();
        assertThat(refused(share).retryAfter()).isEqualTo(Duration.ofSeconds(100));
        first.end(10);
        assertThat(refused(share).retryAfter()).isEqualTo(Duration.ofSeconds(20));
        pass(Duration.ofSeconds(20));
        granted(share);
    }

    @Test
    void sharesAreOneAtLeast() {
        assertThat(new Claim(1, 10L, 100L, 5, 3).share(4)).isEqualTo(new Claim(1, 2L, 25L, 5, 1));
        assertThat(new Claim(1, null, null, 5, null).share(4))
                .isEqualTo(new Claim(1, null, null, 5, null));
    }

    @Test
    void whatIsNotedIsTakenButNeverBelowNothing() {
        Claim all = new Claim(1, 1L, 60L, 40, 1);
        Grant first = allowances.note(all);
        Grant second = allowances.note(all);
        assertThat(refused(all).by()).isEqualTo(Limit.REQUESTS);
        assertThat(refused(new Claim(1, null, 60L, 1, null)).retryAfter())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(refused(new Claim(1, null, null, 1, 2)).by()).isEqualTo(Limit.STREAMS);
        second.end(0); // only 20 were there
        assertThat(tokens(granted(new Claim(1, null, 60L, 1, 2)).levels()).remaining())
                .isEqualTo(19);
        first.end(1_000);
        assertThat(refused(new Claim(1, null, 60L, 1, null)).retryAfter())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private static Claim sixty(long tokens) {
        return new Claim(1, null, 60L, tokens, null);
    }

    private Granted granted(Claim claim) {
        ClaimOutcome outcome = allowances.takeNow(claim);
        assertThat(outcome).isInstanceOf(Granted.class);
        return (Granted) outcome;
    }

    private Refused refused(Claim claim) {
        ClaimOutcome outcome = allowances.takeNow(claim);
        assertThat(outcome).isInstanceOf(Refused.class);
        return (Refused) outcome;
    }

    private static Level tokens(Levels levels) {
        return level(levels.tokens());
    }

    private static Level level(@Nullable Level level) {
        if (level == null) {
            throw new AssertionError("no level");
        }
        return level;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
