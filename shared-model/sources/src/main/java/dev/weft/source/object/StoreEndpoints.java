package dev.weft.source.object;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of object stores; null means the provider's own address.
 *
 * @param s3Region null means the environment's region, else {@code us-east-1}
 * @param azureAccount null means the account that the environment or the secret names
 */
public record StoreEndpoints(
        @Nullable URI s3,
        @Nullable String s3Region,
        @Nullable URI gcs,
        @Nullable URI azure,
        @Nullable String azureAccount) {
    /** The providers' own endpoints. */
    public static final StoreEndpoints DEFAULT = new StoreEndpoints(null, null, null, null, null);
}
