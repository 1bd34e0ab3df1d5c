package dev.weft.access;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.token.CatalogTokens;
import dev.weft.access.token.TokenQuestion;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.feed.CatalogView;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway or a worker finds out who sends a request.
 *
 * @param keys requests need tokens, whatever address the service listens on
 * @param loopback the service listens on this machine only
 * @param catalog address of the catalog, which knows the tokens
 * @param token of this service, sent to the catalog; null for none
 */
public record ServiceAccess(boolean keys, boolean loopback, URI catalog, @Nullable String token) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /**
     * The tokens as the catalog knows them, asked for with an HTTP client of their own.
     *
     * @param clock by which tokens end
     * @param nanos a time in nanoseconds, of which only differences count
     * @param tls how the catalog is reached
     * @param view reports tokens that change
     */
    public CatalogTokens tokens(Clock clock, LongSupplier nanos, ServiceTls tls, CatalogView view) {
        CatalogTokens tokens =
                new CatalogTokens(
                        new TokenQuestion(
                                catalog,
                                token,
                                tls.client().connectTimeout(CONNECT_TIMEOUT).build()),
                        clock,
                        nanos);
        view.whenATokenChanges(tokens::forget);
        view.whenAnyTokenMayHaveChanged(tokens::forgetAll);
        return tokens;
    }

    /** How the catalog is reached. */
    public CatalogEndpoint endpoint(ServiceTls tls) {
        return new CatalogEndpoint(catalog, token, tls.client());
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ServiceAccess[keys=" + keys + ", catalog=" + catalog + "]";
    }
}
