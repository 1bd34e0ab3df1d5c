package dev.weft.gateway.rollout.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.body.RequestHead;
import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.shadow.ShadowOrder;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What copies may use, and until when. */
class ShadowBudgetTest {
    private static final AdapterId PROD = AdapterId.of("prod");

    private final ShadowBudget budget = new ShadowBudget();

    @Test
    void noMoreIsSetAsideThanIsGranted() {
        budget.granted(100);
        budget.granted(50); // an old answer
        assertThat(budget.setAside(60)).isTrue();
        assertThat(budget.setAside(41)).isFalse();
        budget.used(10, 60);
        assertThat(budget.setAside(90)).isTrue();
        assertThat(budget.setAside(1)).isFalse();
    }

    @Test
    void asMuchIsAskedForAsCopiesAtOnceNeed() {
        assertThat(budget.wanted(2)).isZero();
        assertThat(budget.need()).isFalse();
        assertThat(budget.wanted(2)).isEqualTo(2 * 1_024);
        assertThat(budget.setAside(5_000)).isFalse();
        assertThat(budget.wanted(2)).isEqualTo(10_000);
        budget.granted(10_000);
        assertThat(budget.setAside(5_000)).isTrue();
        budget.used(700, 5_000);
        assertThat(budget.wanted(2)).isEqualTo(10_700);
    }

    @Test
    void anAnswerInOnePieceHasAllItsTokensSetAside() {
        budget.granted(1_000);
        assertThat(asked(900, false, new TokenCount(101, 5))).isNull();
        Spending copy = spending(900, false, new TokenCount(100, 5));
        assertThat(budget.setAside(1)).isFalse();
        assertThat(copy.told(new TokenCount(100, 20))).isTrue();
        assertThat(copy.end(true)).isEqualTo(120);
        assertThat(budget.setAside(880)).isTrue();
    }

    /** Clients name what a context holds; others would have nothing left. */
    @Test
    void anAnswerThatMayBeOfAnyLengthIsNotAskedForWhole() {
        budget.need();
        assertThat(asked(1_000_000, false, new TokenCount(100, 5))).isNull();
        assertThat(budget.wanted(1)).isEqualTo(100 + Spending.MOST_WHOLE);
    }

    @Test
    void aStreamTakesPiecesUntilNoneIsLeft() {
        budget.granted(600);
        Spending copy = spending(0, true, new TokenCount(50, 5));
        assertThat(copy.told(new TokenCount(50, 200))).isTrue();
        assertThat(copy.told(new TokenCount(50, 300))).isTrue();
        assertThat(copy.told(new TokenCount(50, 550))).isFalse();
        assertThat(copy.end(true)).isEqualTo(600);
        assertThat(budget.setAside(1)).isFalse();
    }

    @Test
    void whatNobodyCountsIsTakenToBeUsed() {
        budget.granted(1_000);
        Spending copy = spending(100, false, null);
        assertThat(copy.end(true)).isEqualTo(100 + 10);
        Spending unsent = spending(100, false, null);
        assertThat(unsent.end(false)).isZero();
    }

    @Test
    void aCopyThatNobodyEndedUsesNothingUnlessAWorkerHadIt() {
        budget.granted(1_000);
        try (Spending unsent = spending(100, false, null)) {
            assertThat(unsent.told()).isNull();
        }
        assertThat(budget.setAside(1_000)).isTrue();
        budget.used(0, 1_000);
        try (Spending copy = spending(100, false, null)) {
            copy.sent();
        }
        assertThat(budget.setAside(1_000 - 110)).isTrue();
        assertThat(budget.setAside(1)).isFalse();
    }

    @Test
    void ordersEndByThemselves() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        Orders orders = new Orders(nanos::get);
        orders.take(List.of(order(1, Duration.ofSeconds(3), 10)));
        assertThat(orders.find(PROD)).isPresent();
        assertThat(orders.find(AdapterId.of("other"))).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(orders.find(PROD)).isEmpty();
        // and if the catalog is silent
        orders.take(List.of(order(1, Duration.ofDays(3), 10)));
        nanos.addAndGet(Duration.ofSeconds(29).toNanos());
        assertThat(orders.find(PROD)).isPresent();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(orders.find(PROD)).isEmpty();
    }

    @Test
    void anOrderThatIsGivenAgainKeepsWhatItHasUsed() {
        Orders orders = new Orders(() -> 0);
        orders.take(List.of(order(1, Duration.ofMinutes(1), 500)));
        RunningShadow shadow = orders.find(PROD).orElseThrow();
        assertThat(shadow.budget().setAside(400)).isTrue();
        shadow.budget().used(400, 400);
        orders.take(List.of(order(1, Duration.ofMinutes(1), 800)));
        assertThat(orders.find(PROD).orElseThrow().budget().setAside(401)).isFalse();
        assertThat(orders.wanted()).containsOnlyKeys(1L);
        orders.take(List.of(order(2, Duration.ofMinutes(1), 500)));
        assertThat(orders.find(PROD).orElseThrow().budget().setAside(500)).isTrue();
    }

    private Spending spending(long most, boolean stream, @Nullable TokenCount served) {
        return Objects.requireNonNull(asked(most, stream, served));
    }

    private @Nullable Spending asked(long most, boolean stream, @Nullable TokenCount served) {
        CopiedRequest asked =
                new CopiedRequest(
                        "default",
                        "/v1/chat/completions",
                        null,
                        new RequestHead("m", null, most, stream, null),
                        new CopiedRequest.Body(new byte[40]));
        Answered answer = new Answered(Operation.CHAT, RequestOutcome.OK, "", 1, 0, -1, served);
        return Spending.of(budget, asked, answer);
    }

    private static ShadowOrder order(long id, Duration left, long granted) {
        return new ShadowOrder(
                id,
                PROD,
                new ShadowOrder.Version("sql", 1),
                new ShadowOrder.Version("sql", 2),
                new ShadowOrder.Bounds(1, 2, granted),
                left);
    }
}
