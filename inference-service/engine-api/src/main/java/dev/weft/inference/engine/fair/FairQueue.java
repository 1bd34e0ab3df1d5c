package dev.weft.inference.engine.fair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides which request is next if tenants share an engine's places. The next place goes to the
 * tenant with the fewest places; among several, to the one that was served the fewest tokens
 * lately; within a tenant, to the oldest request. With one tenant that is first come, first served.
 *
 * <p>A tenant's served tokens count while it has requests here, up to {@code memory} more than the
 * least served tenant's. So no tenant saves up a claim, and none waits long because of tokens that
 * it was served while others wanted nothing. A new tenant begins with as much as the least served.
 *
 * <p>For one thread at a time.
 *
 * @param <T> a request; its age and tenant never change
 */
public final class FairQueue<T> {
    private final Function<T, String> tenantOf;
    private final Comparator<T> byAge;
    private final long memory;

    /** Tenants with requests, in the order in which they came. */
    private final Map<String, Tenant<T>> tenants = new LinkedHashMap<>();

    private int waiting;

    private static final class Tenant<T> {
        final NavigableSet<T> waiting;
        long served;
        int places;

        Tenant(Comparator<T> byAge, long served) {
            this.waiting = new TreeSet<>(byAge);
            this.served = served;
        }
    }

    /**
     * A queue without requests.
     *
     * @param byAge the oldest first; no two requests are equally old
     * @param memory tokens
     */
    public FairQueue(Function<T, String> tenantOf, Comparator<T> byAge, long memory) {
        this.tenantOf = tenantOf;
        this.byAge = byAge;
        this.memory = memory;
    }

    /** Adds a request that waits for a place: a new one, or one that has lost its place. */
    public void add(T request) {
        Tenant<T> tenant =
                tenants.computeIfAbsent(
                        tenantOf.apply(request), _ -> new Tenant<>(byAge, leastServed()));
        if (tenant.waiting.add(request)) {
            waiting++;
        }
    }

    /** The request that gets the next place; it still waits. */
    public Optional<T> next() {
        return tenants.values().stream()
                .filter(tenant -> !tenant.waiting.isEmpty())
                .min(
                        Comparator.comparingInt((Tenant<T> tenant) -> tenant.places)
                                .thenComparingLong(tenant -> tenant.served))
                .map(tenant -> tenant.waiting.first());
    }

    /** Gives a waiting request a place. */
    public void place(T request) {
        Tenant<T> tenant = tenant(request);
        if (!tenant.waiting.remove(request)) {
            throw new IllegalStateException(request + " does not wait");
        }
        waiting--;
        tenant.places++;
    }

    /** Takes a request's place away. */
    public void free(T request) {
        tenant(request).places--;
        forget(request);
    }

    /** Removes the waiting requests that the test accepts, the oldest of each tenant first. */
    public List<T> remove(Predicate<T> test) {
        List<T> removed = new ArrayList<>();
        for (Tenant<T> tenant : tenants.values()) {
            tenant.waiting.removeIf(request -> test.test(request) && removed.add(request));
        }
        waiting -= removed.size();
        removed.forEach(this::forget);
        return removed;
    }

    /** Counts tokens that the request's tenant was served. */
    public void served(T request, long tokens) {
        if (tenants.size() > 1) {
            Tenant<T> tenant = tenant(request);
            tenant.served += tokens;
            tenant.served = Math.min(tenant.served, leastServed() + memory);
        }
    }

    /** Tokens that the request's tenant was served; only differences mean something. */
    public long servedTo(T request) {
        return tenant(request).served;
    }

    /** Places of the request's tenant. */
    public int placesOf(T request) {
        return tenant(request).places;
    }

    /** Tenants that wait for a place or have one. */
    public int tenants() {
        return tenants.size();
    }

    /** Requests that wait. */
    public int waiting() {
        return waiting;
    }

    /**
     * The first, in the given order, of the waiting requests that the test accepts and that are of
     * the same tenant as {@code request}.
     */
    public Optional<T> firstLike(T request, Predicate<T> test, Comparator<T> order) {
        return tenant(request).waiting.stream().filter(test).min(order);
    }

    /**
     * The waiting request to drop if the queue is too long. It is the youngest that may go, of the
     * tenant with the most such requests.
     */
    public Optional<T> leastEntitled(Predicate<T> mayGo) {
        return tenants.values().stream()
                .map(tenant -> tenant.waiting.stream().filter(mayGo).toList())
                .filter(requests -> !requests.isEmpty())
                .max(Comparator.comparingInt(Collection::size))
                .map(List::getLast);
    }

    private Tenant<T> tenant(T request) {
        Tenant<T> tenant = tenants.get(tenantOf.apply(request));
        if (tenant == null) {
            throw new IllegalStateException(request + " is of a tenant that has nothing here");
        }
        return tenant;
    }

    private void forget(T request) {
        String name = tenantOf.apply(request);
        Tenant<T> tenant = tenants.get(name);
        if (tenant != null && tenant.places == 0 && tenant.waiting.isEmpty()) {
            tenants.remove(name);
        }
    }

    private long leastServed() {
        return tenants.isEmpty()
                ? 0
                : Collections.min(tenants.values().stream().map(tenant -> tenant.served).toList());
    }
}
