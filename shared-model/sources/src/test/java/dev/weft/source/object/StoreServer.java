package dev.weft.source.object;

import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.secret.Credentials;
import java.net.URI;
import java.util.Map;

/** An object store on loopback. */
public interface StoreServer extends AutoCloseable {
    RepositorySource source();

    /** A bucket or container that exists. */
    String bucket();

    StoreEndpoints endpoints();

    /** The credentials that the server knows. */
    Credentials credentials();

    /** Other credentials; the server may accept or refuse them. */
    Credentials wrongCredentials();

    /** The text that must appear nowhere. */
    String secret();

    @Override
    void close();

    /** One secret for a source. */
    static Credentials credentials(String place, String text) {
        return new Credentials(
                Map.of("store", new dev.weft.settings.secret.SecretPlace.Given(text)),
                Map.of(place, "store"),
                Map.of());
    }

    static StoreEndpoints s3(URI endpoint) {
        return new StoreEndpoints(endpoint, null, null, null, null);
    }
}
