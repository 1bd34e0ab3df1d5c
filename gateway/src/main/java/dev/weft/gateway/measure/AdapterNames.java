package dev.weft.gateway.measure;

import dev.weft.protocol.adapter.AdapterId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The adapters' names in metrics, of which no two adapters have the same at a time. A name and a
 * tenant may have slashes, so that {@code acme/sql} may mean two. Any thread.
 *
 * @param isBase whether a name is that of a base
 */
record AdapterNames(Predicate<String> isBase, Map<String, AdapterId> given) {
    private static final Set<String> TAKEN = Set.of(RequestMetrics.UNKNOWN, RequestMetrics.OTHER);

    AdapterNames(Predicate<String> isBase) {
        this(isBase, new ConcurrentHashMap<>());
    }

    /**
     * Gives an adapter a name: its own, with its tenant if that isn't the default one or if the
     * plain name means something else. If that means something else too, a colon, which no name
     * has, stands behind the tenant.
     */
    String take(AdapterId id) {
        boolean plain =
                id.tenant().equals(AdapterId.DEFAULT_TENANT)
                        && !TAKEN.contains(id.name())
                        && !isBase.test(id.name());
        String name = plain ? id.name() : id.withTenant();
        if (!isBase.test(name) && given.computeIfAbsent(name, _ -> id).equals(id)) {
            return name;
        }
        return id.tenant() + ":" + id.name();
    }

    /** Lets another adapter have a name. */
    void giveBack(String name) {
        given.remove(name);
    }
}
