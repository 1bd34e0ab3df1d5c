package dev.weft.protocol.feed;

import java.net.URI;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * How the catalog is reached.
 *
 * @param address without a path
 * @param token sent with each request; null for none
 * @param client makes a client for it
 */
public record CatalogEndpoint(URI address, @Nullable String token, HttpClient.Builder client) {
    /** Leaves the token out. */
    @Override
    public String toString() {
        return address.toString();
    }
}
