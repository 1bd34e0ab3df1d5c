package dev.weft.standalone.adapters.client;

/** The option for a tenant of the catalog. Commands say with words of their own what it is for. */
public final class TenantOption {
    public static final String NAME = "--tenant";

    private TenantOption() {}
}
