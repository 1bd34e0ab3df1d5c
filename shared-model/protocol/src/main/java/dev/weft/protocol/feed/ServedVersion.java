package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;

/**
 * A version of an adapter that may be served.
 *
 * @param adapter the name whose version it is, which is not always the name that leads to it
 * @param number its number among the contents of that name, from 1; the same content keeps it
 * @param root its source, e.g. {@code HF:owner/name}
 * @param created when it became ready
 * @param base id of its {@link CatalogBase}; {@link #FIRST_BASE} if a catalog that had but one did
 *     not say
 */
public record ServedVersion(
        AdapterId adapter,
        int number,
        AdapterDigest digest,
        LoraFacts facts,
        String root,
        Instant created,
        long base) {
    /** The base that a catalog has had for longest. */
    public static final long FIRST_BASE = 0;

    /** Separates a name from a number; no name holds it. */
    static final char AT = '@';

    public ServedVersion {
        if (number < 1) {
            throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
        }
    }

    /** A version of the catalog's first base. */
    public ServedVersion(
            AdapterId adapter,
            int number,
            AdapterDigest digest,
            LoraFacts facts,
            String root,
            Instant created) {
        this(adapter, number, digest, facts, root, created, FIRST_BASE);
    }

    /** The text by which a client of its own tenant pins it, {@code name@number}. */
    public String pin() {
        return adapter.name() + AT + number;
    }

    /**
     * The text by which a client of a tenant pins it: {@code tenant/name@number} if it is another
     * tenant's.
     */
    public String pin(String tenant) {
        return adapter.tenant().equals(tenant) ? pin() : adapter.tenant() + '/' + pin();
    }
}
