package dev.weft.gateway.rollout.shadow;

import dev.weft.protocol.shadow.ShadowOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A shadow that the catalog has ordered, with the tokens and places that its copies take at this
 * gateway. Any thread.
 *
 * @param order as it was first given; only its budget and its end may change
 */
record RunningShadow(ShadowOrder order, ShadowBudget budget, AtomicInteger underWay) {
    RunningShadow(ShadowOrder order) {
        this(order, new ShadowBudget(), new AtomicInteger());
    }

    long id() {
        return order.id();
    }

    /** Takes one of its places; false if as many copies as may be are under way. */
    boolean enter() {
        if (underWay.incrementAndGet() <= order.bounds().concurrent()) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        int _ = underWay.decrementAndGet();
    }
}
