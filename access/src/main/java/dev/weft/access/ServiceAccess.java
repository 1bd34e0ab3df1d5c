package dev.weft.access;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway or a worker tells who asks.
 *
 * @param keys tokens are needed wherever it listens
 * @param loopback it listens on this machine only
 * @param catalog that knows tokens
 * @param token of this service, sent to the catalog; null for none
 */
public record ServiceAccess(boolean keys, boolean loopback, URI catalog, @Nullable String token) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** The catalog's tokens, with a client of their own. */
    public CatalogTokens tokens(Clock clock) {
        return new CatalogTokens(
                new TokenQuestion(
                        catalog,
                        token,
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(CONNECT_TIMEOUT)
                                .build()),
                clock);
    }

    /** Says nothing of the token. */
    @Override
    public String toString() {
        return "ServiceAccess[keys=" + keys + ", catalog=" + catalog + "]";
    }
}
