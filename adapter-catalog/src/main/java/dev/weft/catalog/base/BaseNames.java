package dev.weft.catalog.base;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The clients' names of the bases. A request for such a name gets the base, in every tenant. So no
 * adapter or alias may have it, neither as its own name nor as {@code tenant/name}, the form that
 * other tenants use.
 *
 * @param byId the names
 */
public record BaseNames(Map<Long, String> byId) {
    public BaseNames {
        byId = new TreeMap<>(byId);
    }

    static BaseNames of(List<Base> bases) {
        return new BaseNames(bases.stream().collect(Collectors.toMap(Base::id, Base::name)));
    }

    /** The names that a transaction sees. */
    public static BaseNames in(JdbcClient tx) {
        return of(BaseTable.all(tx));
    }

    /** The name of a base; null for none. */
    public @Nullable String name(@Nullable Long base) {
        return base == null ? null : byId.get(base);
    }

    /** Throws if an adapter or an alias may not have that name. */
    public void check(AdapterId id) {
        sharedBy(id)
                .ifPresent(name -> {
                    throw BadRequestException.of(
                            "name",
                            id.name(),
                            "names other than the base's, '"
                                    + name
                                    + "', also with the tenant before it");
                });
    }

    /** Advice to the owner of an older adapter that has a base's name; null for any other. */
    public @Nullable String hint(AdapterId id) {
        return sharedBy(id)
                .map(name ->
                        "requests for '" + name + "' get the base: register it under another name")
                .orElse(null);
    }

    private Optional<String> sharedBy(AdapterId id) {
        String whole = id.tenant() + "/" + id.name();
        return byId.values().stream()
                .filter(name -> name.equals(id.name()) || name.equals(whole))
                .findFirst();
    }
}
