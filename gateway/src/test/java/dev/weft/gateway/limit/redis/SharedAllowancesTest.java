package dev.weft.gateway.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.ClaimOutcome;
import dev.weft.gateway.limit.allowance.ClaimOutcome.Granted;
import dev.weft.gateway.limit.allowance.ClaimOutcome.Refused;
import dev.weft.gateway.limit.allowance.Grant;
import dev.weft.gateway.limit.allowance.MemoryAllowances;
import dev.weft.protocol.loop.Loops;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedAllowancesTest {
    private static final Duration DEADLINE = Duration.ofMillis(20);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Claim CLAIM = new Claim(7, 10L, 100L, 50, 2);

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final FakeStore store = new FakeStore();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SharedMetrics metrics = new SharedMetrics(registry);
    private final Leases leases = new Leases("g");
    private final Settlements settlements = new Settlements(store, later::add);
    private final RedisLink link =
            new RedisLink(
                    store,
                    new RedisLink.Setup("g", "redis:1", DEADLINE, LEASE, nanos::get),
                    leases,
                    settlements,
                    metrics,
                    new Loops());
    private final SharedAllowances allowances = allowances(Duration.ofMinutes(1));

    /** What goes by estimate if a test has the store answer too late. */
    private final SharedAllowances hasty = allowances(DEADLINE);

    private SharedAllowances allowances(Duration deadline) {
        return new SharedAllowances(
                store,
                link,
                new MemoryAllowances(nanos::get),
                leases,
                deadline,
                metrics,
                settlements);
    }

    /** What the store was told, once a short time has passed. */
    private Iterable<Settlement> settled() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
        return store.settled;
    }

    @Test
    void aRequestGoesByEstimateUntilTheStoreHasAnswered() throws Exception {
        assertThat(allowances.take(CLAIM)).isDone();
        assertThat(store.asked).isEmpty();
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        assertThat(asked).isNotDone();
        store.asked.remove().complete(FakeStore.GRANTED);
        assertThat(asked.join()).isInstanceOf(Granted.class);
        assertThat(decisions("redis")).isEqualTo(1);
        assertThat(decisions("estimate")).isEqualTo(1);
    }

    @Test
    void theEndOfARequestIsSettledAtTheStore() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        store.asked.remove().complete(FakeStore.GRANTED);
        grant(asked).end(20);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 30, "g-1"));
    }

    /** Else a client that ends its only stream and begins another would be refused. */
    @Test
    void whatEndedReachesTheStoreBeforeTheNextClaimOfItsKey() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        store.asked.remove().complete(FakeStore.GRANTED);
        grant(asked).end(20);
        assertThat(store.settled).isEmpty();
        assertThat(allowances.take(new Claim(8, 10L, null, 1, null))).isNotDone();
        assertThat(store.settled).isEmpty();
        assertThat(allowances.take(CLAIM)).isNotDone();
        assertThat(store.settled).containsExactly(Settlement.of(CLAIM, false, 30, "g-1"));
        assertThat(settled()).hasSize(1);
    }

    @Test
    void whatTheStoreRefusesIsRefusedAndLeavesNothing() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        store.asked.remove().complete(FakeStore.REFUSED);
        assertThat(asked.join()).isInstanceOf(Refused.class);
        assertThat(leases.keys()).isEmpty();
        assertThat(settled()).isEmpty();
    }

    @Test
    void aLateGrantIsKeptByARequestThatGoesOn() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = hasty.take(CLAIM);
        Grant grant = ((Granted) asked.get(60, TimeUnit.SECONDS)).grant();
        store.asked.remove().complete(FakeStore.GRANTED);
        grant.end(50);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 0, "g-1"));
    }

    @Test
    void aGrantThatComesAfterTheEndIsSettledThen() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = hasty.take(CLAIM);
        ((Granted) asked.get(60, TimeUnit.SECONDS)).grant().end(10);
        assertThat(settled()).isEmpty();
        store.asked.remove().complete(FakeStore.GRANTED);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 40, "g-1"));
    }

    @Test
    void aLateGrantOfARequestThatWasRefusedIsUndone() throws Exception {
        link.turn();
        Claim large = new Claim(7, null, 2L, 2, null);
        CompletableFuture<ClaimOutcome> first = hasty.take(large);
        assertThat(first.get(60, TimeUnit.SECONDS)).isInstanceOf(Granted.class);
        CompletableFuture<ClaimOutcome> second = hasty.take(large);
        assertThat(second.get(60, TimeUnit.SECONDS)).isInstanceOf(Refused.class);
        store.asked.removeLast().complete(FakeStore.GRANTED);
        assertThat(settled()).containsExactly(Settlement.of(large, true, 2, ""));
    }

    @Test
    void eachGatewayAllowsItsShareByEstimateLessWhatItLetThrough() throws Exception {
        store.gateways = CompletableFuture.completedFuture(5L);
        link.turn();
        Claim ten = new Claim(7, 10L, null, 1, null);
        CompletableFuture<ClaimOutcome> asked = allowances.take(ten);
        store.asked.remove().complete(FakeStore.GRANTED);
        assertThat(asked.join()).isInstanceOf(Granted.class);
        lose();
        // a fifth of ten; the one that Redis granted was of ten
        assertThat(allowances.take(ten).join()).isInstanceOf(Granted.class);
        assertThat(allowances.take(ten).join()).isInstanceOf(Refused.class);
    }

    @Test
    void requestsDoNotWaitForAStoreThatHasMissedSeveral() throws Exception {
        link.turn();
        for (int i = 0; i < RedisLink.MISSES; i++) {
            Object _ = hasty.take(CLAIM.share(1)).get(60, TimeUnit.SECONDS);
        }
        assertThat(hasty.take(CLAIM)).isDone();
        assertThat(store.asked).hasSize(RedisLink.MISSES);
        assertThat(connected()).isZero();
    }

    @Test
    void twoAnnouncementsInTimeBringItBack() throws Exception {
        link.turn();
        lose();
        link.turn();
        assertThat(link.answers()).isFalse();
        link.turn();
        assertThat(link.answers()).isTrue();
        assertThat(connected()).isEqualTo(1);
    }

    @Test
    void anAnnouncementWithoutAnAnswerEndsItAndSilenceTheConnection() throws Exception {
        link.turn();
        store.gateways = new CompletableFuture<>();
        link.turn();
        assertThat(link.answers()).isFalse();
        assertThat(link.gateways()).isEqualTo(2);
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        link.turn();
        assertThat(store.open).isFalse();
        link.turn();
        assertThat(store.connections).isEqualTo(2);
    }

    @Test
    void leasesAreRenewedAndThoseTheStoreMayHaveLostAreHeldAgain() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        store.asked.remove().complete(FakeStore.GRANTED);
        Grant grant = grant(asked);
        link.turn();
        assertThat(store.renewed).isEmpty();
        nanos.addAndGet(LEASE.dividedBy(3).toNanos());
        link.turn();
        assertThat(store.renewed).containsExactly("7 1 known");
        nanos.addAndGet(LEASE.toNanos()); // this gateway stood still
        link.turn();
        lose();
        link.turn();
        link.turn();
        assertThat(store.renewed).containsExactly("7 1 known", "7 1 all", "7 1 all");
        grant.end(0);
        nanos.addAndGet(LEASE.dividedBy(3).toNanos());
        link.turn();
        assertThat(store.renewed).hasSize(3);
    }

    @Test
    void aStreamThatBeganByEstimateIsHeldOnceTheStoreIsBack() throws Exception {
        Grant grant = grant(allowances.take(CLAIM));
        link.turn();
        assertThat(store.renewed).containsExactly("7 1 all");
        grant.end(20);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 0, "g-1"));
    }

    @Test
    void whatEndsWhileTheStoreIsAwayIsGivenBackWhenItReturns() throws Exception {
        link.turn();
        Grant first = grant(answered(CLAIM));
        Grant second = grant(answered(CLAIM));
        Grant undone = grant(answered(new Claim(8, 10L, null, 1, null)));
        lose();
        first.end(20);
        second.end(60);
        undone.undo();
        assertThat(settled()).isEmpty();
        link.turn();
        assertThat(settled()).isEmpty();
        link.turn();
        assertThat(settled())
                .containsExactlyInAnyOrder(
                        new Settlement(7, 10L, 0, 100L, 20, List.of("g-1", "g-2")),
                        new Settlement(8, 10L, 1, null, 1, List.of()));
        assertThat(store.renewed).isEmpty();
        link.turn();
        assertThat(settled()).hasSize(2);
    }

    /** Else the first stream after the return would be refused. */
    @Test
    void aClaimAtTheReturnComesAfterWhatEndedMeanwhile() throws Exception {
        link.turn();
        Grant ended = grant(answered(CLAIM));
        grant(answered(new Claim(8, null, null, 1, 1)));
        lose();
        ended.end(20);
        store.beforeRenew = () -> assertThat(allowances.take(CLAIM)).isNotDone();
        link.turn();
        link.turn();
        assertThat(store.settledWhenAsked).containsExactly(0, 0, 1);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 30, "g-1"));
    }

    @Test
    void aStreamThatEndsWhileItIsHeldAgainIsEndedAfterThat() throws Exception {
        link.turn();
        Grant grant = grant(answered(CLAIM));
        lose();
        store.beforeRenew =
                () -> {
                    grant.end(20);
                    assertThat(settled()).hasSize(1); // before the store has it again
                };
        link.turn();
        link.turn();
        assertThat(store.renewed).containsExactly("7 1 all");
        assertThat(settled())
                .containsExactly(
                        Settlement.of(CLAIM, false, 30, "g-1"), Settlement.of(7, List.of("g-1")));
    }

    @Test
    void aStoreThatIsLostWhileItIsFoundGetsTheRestTheNextTime() throws Exception {
        link.turn();
        Grant ended = grant(answered(CLAIM));
        Claim other = new Claim(8, null, null, 1, 1);
        Grant running = grant(answered(other));
        lose();
        ended.end(20);
        store.beforeRenew = this::lose;
        link.turn();
        link.turn();
        assertThat(link.answers()).isFalse();
        running.end(0);
        assertThat(settled()).isEmpty();
        store.beforeRenew = () -> {};
        link.turn();
        link.turn();
        assertThat(settled())
                .containsExactlyInAnyOrder(
                        Settlement.of(CLAIM, false, 30, "g-1"),
                        Settlement.of(other, false, 1, "g-2"));
    }

    @Test
    void whatBeganAndEndedWhileTheStoreWasAwayIsNotKept() throws Exception {
        link.turn();
        lose();
        grant(allowances.take(CLAIM)).end(20);
        link.turn();
        link.turn();
        assertThat(settled()).isEmpty();
    }

    /** The link brings its lease to the store though the claim had no answer. */
    @Test
    void aStreamWhoseClaimFailedIsEndedAtTheStore() throws Exception {
        link.turn();
        CompletableFuture<ClaimOutcome> asked = allowances.take(CLAIM);
        store.asked.remove().completeExceptionally(new IOException("broken"));
        Grant grant = grant(asked);
        lose();
        link.turn();
        link.turn();
        assertThat(store.renewed).containsExactly("7 1 all");
        grant.end(20);
        assertThat(settled()).containsExactly(Settlement.of(CLAIM, false, 0, "g-1"));
    }

    /** The store may have done it: leases end once, and debts must not be taken twice. */
    @Test
    void whatTheStoreDidNotAnswerIsGivenBackAgain() throws Exception {
        link.turn();
        Grant less = grant(answered(CLAIM));
        Grant more = grant(answered(new Claim(8, null, 100L, 50, 1)));
        store.settles = CompletableFuture.failedFuture(new IOException("broken"));
        less.end(20);
        more.end(60);
        assertThat(settled()).hasSize(2);
        store.settles = CompletableFuture.completedFuture(0L);
        store.settled.clear();
        link.turn();
        assertThat(settled())
                .containsExactlyInAnyOrder(
                        Settlement.of(CLAIM, false, 30, "g-1"),
                        new Settlement(8, null, 0, 100L, 0, List.of("g-2")));
    }

    private CompletableFuture<ClaimOutcome> answered(Claim claim) {
        CompletableFuture<ClaimOutcome> asked = allowances.take(claim);
        store.asked.remove().complete(FakeStore.GRANTED);
        return asked;
    }

    private void lose() {
        for (int i = 0; i < RedisLink.MISSES; i++) {
            link.missed(new TimeoutException());
        }
        assertThat(link.answers()).isFalse();
    }

    private static Grant grant(CompletableFuture<ClaimOutcome> asked) {
        assertThat(asked.join()).isInstanceOf(Granted.class);
        return ((Granted) asked.join()).grant();
    }

    private double decisions(String by) {
        return registry.get("weft.gateway.limits.decisions").tag("by", by).counter().count();
    }

    private double connected() {
        return registry.get("weft.gateway.limits.connected").gauge().value();
    }
}
