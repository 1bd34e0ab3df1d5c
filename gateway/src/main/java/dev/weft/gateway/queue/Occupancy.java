package dev.weft.gateway.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts the waiting requests and their bytes, in all and by tenant, against the bounds. A tenant's
 * share of the bounds is its part of the weights of all tenants that wait. For one thread at a
 * time.
 */
final class Occupancy {
    private static final class Held {
        int requests;
        long bytes;
    }

    private final int maxRequests;
    private final long maxBytes;
    private final ToIntFunction<String> weights;
    private final Map<String, Held> tenants = new HashMap<>();
    private int requests;
    private long bytes;

    Occupancy(int maxRequests, long maxBytes, ToIntFunction<String> weights) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.weights = weights;
    }

    int requests() {
        return requests;
    }

    long bytes() {
        return bytes;
    }

    boolean fits(Newcomer who) {
        return requests < maxRequests && bytes + who.bytes() <= maxBytes;
    }

    void add(Newcomer who) {
        Held held = tenants.computeIfAbsent(who.tenant(), _ -> new Held());
        held.requests++;
        held.bytes += who.bytes();
        requests++;
        bytes += who.bytes();
    }

    void remove(Newcomer who) {
        Held held = tenants.get(who.tenant());
        if (held == null) {
            throw new IllegalStateException(who + " is not here");
        }
        if (--held.requests == 0) {
            tenants.remove(who.tenant());
        }
        held.bytes -= who.bytes();
        requests--;
        bytes -= who.bytes();
    }

    /** True if no other tenant than the newcomer's waits. */
    boolean isAlone(Newcomer who) {
        return tenants.isEmpty() || (tenants.size() == 1 && tenants.containsKey(who.tenant()));
    }

    /**
     * True if the newcomer's tenant would have more than its share with it. By number one request
     * is never more; by bytes it may be.
     */
    boolean isOverShare(Newcomer who) {
        Held held = tenants.getOrDefault(who.tenant(), new Held());
        double share = (double) weights.applyAsInt(who.tenant()) / weightsWith(who.tenant());
        return held.requests + 1 > Math.max(1, share * maxRequests)
                || held.bytes + who.bytes() > share * maxBytes;
    }

    /**
     * The tenant, other than the newcomer's, that is furthest beyond its share; null if none is.
     * The newcomer's tenant counts among those that wait.
     */
    @Nullable String furthestOver(Newcomer who) {
        double sum = weightsWith(who.tenant());
        String furthest = null;
        double most = 1;
        for (var each : tenants.entrySet()) {
            double share = weights.applyAsInt(each.getKey()) / sum;
            double used = used(each.getValue());
            if (used / share > most && !each.getKey().equals(who.tenant())) {
                most = used / share;
                furthest = each.getKey();
            }
        }
        return furthest;
    }

    /** The part of the bounds that a tenant has. */
    private double used(Held held) {
        double ofBytes = (double) held.bytes / Math.max(1, maxBytes);
        return held.requests == 1
                ? ofBytes
                : Math.max(ofBytes, (double) held.requests / Math.max(1, maxRequests));
    }

    private double weightsWith(String tenant) {
        double sum = tenants.containsKey(tenant) ? 0 : weights.applyAsInt(tenant);
        for (String each : tenants.keySet()) {
            sum += weights.applyAsInt(each);
        }
        return sum;
    }
}
