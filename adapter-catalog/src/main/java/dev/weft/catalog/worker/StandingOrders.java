package dev.weft.catalog.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.ResidencyOrders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The orders that a worker has, for adapters of its base. Several orders may be about one content,
 * under several names or tenants. These take one slot, the worker is given one of them, and its
 * outcome is the outcome of all.
 *
 * @param all in the order in which they were given
 */
record StandingOrders(List<WorkerOrder> all) {
    StandingOrders {
        all = List.copyOf(all);
    }

    private static boolean isPin(WorkerOrder order) {
        return order.asked().kind() == WorkerOrder.Kind.pin;
    }

    private static boolean isWaiting(WorkerOrder order) {
        return !isPin(order) && order.state() == WorkerOrder.State.pending;
    }

    /** The order that already asks for the same under the same name; empty if there is none. */
    Optional<WorkerOrder> same(WorkerOrder.Asked asked) {
        return all.stream()
                .filter(order -> isPin(order) || isWaiting(order))
                .filter(order -> order.asked().equals(asked))
                .findFirst();
    }

    /** Contents that are to be pinned, or are pinned. */
    Set<AdapterDigest> pinned() {
        return digests(StandingOrders::isPin);
    }

    /** Contents that a prefetch is to load into a slot, without those that are to be pinned. */
    Set<AdapterDigest> awaited() {
        Set<AdapterDigest> awaited = digests(StandingOrders::isWaiting);
        awaited.removeAll(pinned());
        return awaited;
    }

    private Set<AdapterDigest> digests(Predicate<WorkerOrder> of) {
        Set<AdapterDigest> digests = new HashSet<>();
        all.stream().filter(of).forEach(order -> digests.add(order.asked().digest()));
        return digests;
    }

    /** The other orders for the same content, which end with that one as it did. */
    List<WorkerOrder> endingWith(WorkerOrder done) {
        return all.stream()
                .filter(order -> order.id() != done.id())
                .filter(order -> order.asked().digest().equals(done.asked().digest()))
                .filter(order -> isWaiting(order) || (isPin(order) && isPin(done)))
                .toList();
    }

    /** The orders that the worker's pins have carried out, without those that say so already. */
    List<WorkerOrder> carriedOut(Set<AdapterDigest> pinned) {
        return all.stream()
                .filter(order -> pinned.contains(order.asked().digest()))
                .filter(order ->
                        isWaiting(order)
                                || (isPin(order) && order.state() != WorkerOrder.State.done))
                .toList();
    }

    /**
     * The orders that the worker is told: one for each content, the pin if there is one.
     *
     * @param ready whether the content of an order may be served
     */
    ResidencyOrders told(Predicate<WorkerOrder> ready) {
        Set<AdapterDigest> told = new HashSet<>();
        List<ResidencyOrders.Order> pins = once(StandingOrders::isPin, ready, told);
        List<ResidencyOrders.Order> prefetches = once(StandingOrders::isWaiting, ready, told);
        return new ResidencyOrders(pins, prefetches);
    }

    private List<ResidencyOrders.Order> once(
            Predicate<WorkerOrder> of, Predicate<WorkerOrder> ready, Set<AdapterDigest> told) {
        List<ResidencyOrders.Order> orders = new ArrayList<>();
        for (WorkerOrder order : all) {
            AdapterDigest digest = order.asked().digest();
            if (of.test(order) && !told.contains(digest) && ready.test(order)) {
                told.add(digest);
                orders.add(new ResidencyOrders.Order(order.id(), digest));
            }
        }
        return orders;
    }
}
