package dev.weft.standalone.adapters.client;

import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import dev.weft.standalone.http.OfUrl;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option for the catalog. */
public final class CatalogOptions {
    /** The option's name, for commands that describe the option in their own words. */
    public static final String NAME = "--catalog";

    public static final String USUAL = "http://127.0.0.1:8081";

    @Option(
            names = NAME,
            paramLabel = "URL",
            defaultValue = USUAL,
            converter = OfUrl.class,
            scope = ScopeType.INHERIT,
            description = "Address of the catalog (default: ${DEFAULT-VALUE}).")
    private URI address = URI.create(USUAL);

    public URI address() {
        return address;
    }

    /**
     * Opens the admin API.
     *
     * @param token null for none
     * @param tenant the tenant of the adapters; null for the token's
     */
    public CatalogClient open(@Nullable String token, @Nullable String tenant)
            throws CommandException {
        return new CatalogClient(address, token, tenant, CommandClients.client());
    }
}
