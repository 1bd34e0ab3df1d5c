package dev.weft.catalog.fault;

/**
 * A bound on what a tenant has, so that its owners can't slow others down.
 *
 * @param what the bounded things, in the plural
 * @param most how many of them a tenant may have
 * @param setting key of the setting that says how many
 */
public record TenantRoom(String what, int most, String setting) {
    /**
     * Checks that there is room for one more.
     *
     * @param has how many the tenant has. Two requests at once may both find the last place: the
     *     bound protects other tenants and may be exceeded slightly
     * @throws ConflictException if there is no room
     */
    public void check(String tenant, int has) {
        if (has >= most) {
            throw new ConflictException(
                    "tenant '%s' has %d %s: %s allows %d"
                            .formatted(tenant, has, what, setting, most));
        }
    }
}
