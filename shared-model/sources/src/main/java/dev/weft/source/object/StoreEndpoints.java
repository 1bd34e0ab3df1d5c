package dev.weft.source.object;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where object stores answer; null means the provider's own address.
 *
 * @param s3Region null means what the environment says, else {@code us-east-1}
 * @param azureAccount null means what the environment or the secret says
 */
public record StoreEndpoints(
        @Nullable URI s3,
        @Nullable String s3Region,
        @Nullable URI gcs,
        @Nullable URI azure,
        @Nullable String azureAccount) {
    /** The providers' own. */
    public static final StoreEndpoints DEFAULT = new StoreEndpoints(null, null, null, null, null);
}
