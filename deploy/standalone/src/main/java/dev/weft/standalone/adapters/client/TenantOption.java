package dev.weft.standalone.adapters.client;

/** The option for a tenant of the catalog. Each command describes it in its own words. */
public final class TenantOption {
    public static final String NAME = "--tenant";

    private TenantOption() {}
}
