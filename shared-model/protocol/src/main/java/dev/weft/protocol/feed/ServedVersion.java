package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;

/**
 * A version of an adapter that may be served.
 *
 * @param adapter the name it is a version of, which is not always the name that leads to it
 * @param number its place among the contents of that name, from 1; the same content keeps it
 * @param root where it came from, e.g. {@code HF:owner/name}
 * @param created when it became ready
 */
public record ServedVersion(
        AdapterId adapter,
        int number,
        AdapterDigest digest,
        LoraFacts facts,
        String root,
        Instant created) {
    /** Stands between a name and a number; no name holds it. */
    static final char AT = '@';

    public ServedVersion {
        if (number < 1) {
            throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
        }
    }

    /** How a client pins it, {@code name@number}. */
    public String pin() {
        return adapter.name() + AT + number;
    }
}
