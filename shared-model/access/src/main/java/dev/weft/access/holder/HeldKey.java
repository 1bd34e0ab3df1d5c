package dev.weft.access.holder;

import dev.weft.protocol.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A key that limits apply to: a token of the catalog, for which accounts are kept too, or the
 * subject of signed tokens.
 *
 * @param id the same for all tokens that took each other's place; below 0 for a subject
 * @param spent null if the key has no budget
 */
public record HeldKey(long id, KeyLimits limits, @Nullable Spent spent) {
    public HeldKey {
        if (id == 0) {
            throw new IllegalArgumentException(
                    "key 0: allowed is 1 or more, or below 0 for the subject of a signed token");
        }
        limits = limits == null ? KeyLimits.NONE : limits; // an older catalog says none
    }

    /**
     * The key of a subject. The same subject has the same key in every process and at any time.
     *
     * @param subject text that tells the subject from all others
     */
    public static HeldKey ofSubject(String subject, KeyLimits limits) {
        byte[] digest = Sha256.digest().digest(subject.getBytes(StandardCharsets.UTF_8));
        return new HeldKey(ByteBuffer.wrap(digest).getLong() | Long.MIN_VALUE, limits, null);
    }

    /** The number of the account that is kept for the key; 0 if there is none. */
    public long account() {
        return Math.max(0, id);
    }
}
