package dev.weft.protocol.adapter;

import java.util.List;

/**
 * The tenants that may use an adapter besides its owner; nobody, unless the owner says otherwise.
 *
 * @param tenants in order, or {@link #ALL} alone
 */
public record Audience(List<String> tenants) {
    /** Stands for every tenant. */
    public static final String ALL = "*";

    public static final Audience NOBODY = new Audience(List.of());
    public static final Audience EVERYONE = new Audience(List.of(ALL));

    public Audience {
        for (String tenant : tenants) {
            if (!tenant.equals(ALL) && !AdapterId.isName(tenant)) {
                throw new IllegalArgumentException(
                        "tenant '" + tenant + "': allowed are * or " + AdapterId.NAME_RULE);
            }
        }
        tenants =
                tenants.contains(ALL)
                        ? List.of(ALL)
                        : tenants.stream().distinct().sorted().toList();
    }

    public boolean admits(String tenant) {
        return tenants.contains(ALL) || tenants.contains(tenant);
    }

    /** The tenants that both admit. */
    public Audience and(Audience other) {
        if (tenants.contains(ALL)) {
            return other;
        }
        return new Audience(tenants.stream().filter(other::admits).toList());
    }
}
