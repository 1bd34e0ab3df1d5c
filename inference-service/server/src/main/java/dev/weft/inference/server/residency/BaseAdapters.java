package dev.weft.inference.server.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import java.util.Optional;

/**
 * Tells which adapters are of the base that this worker runs. An order may be from a time when it
 * ran another base. Any thread.
 *
 * @param names what the catalog has told
 * @param base the clients' name of the base
 */
public record BaseAdapters(CatalogView names, String base) {
    /** True if the catalog has been heard, so that {@link #admits} can tell. */
    public boolean isKnown() {
        return names.initialised();
    }

    /** False for an adapter that the catalog knows as one of other bases alone. */
    public boolean admits(AdapterDigest digest) {
        return names.mayBeOf(base, digest);
    }

    /** The error for an adapter that is not admitted. */
    public ApiException foreign(AdapterDigest digest) {
        return new ApiException(
                ErrorCode.ADAPTER_UNAVAILABLE,
                "adapter "
                        + digest
                        + " is not one of the base '"
                        + base
                        + "', which this worker serves");
    }

    /**
     * The one version that all requests for names of the base's adapters get; empty if there are
     * none or several.
     */
    Optional<AdapterDigest> sole() {
        return names.sole(base).map(ServedVersion::digest);
    }
}
