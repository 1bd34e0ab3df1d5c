package dev.weft.catalog.fault;

/**
 * Room for what tenants have, so that the owners of one can't slow others down.
 *
 * @param what they are, in the plural
 * @param most that a tenant may have
 * @param setting that says so
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
