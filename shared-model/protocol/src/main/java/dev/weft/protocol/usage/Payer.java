package dev.weft.protocol.usage;

import dev.weft.protocol.adapter.AdapterId;
import org.jspecify.annotations.Nullable;

/**
 * The one who pays for a request.
 *
 * @param key number of its key in the catalog, the same for all tokens that took each other's
 *     place; 0 if it had none
 * @param name of the key, or of the holder of another token; for people; cut to 256 characters,
 *     without control characters
 * @param tenant whose request it counts as
 */
public record Payer(long key, String name, String tenant) {
    private static final int LONGEST_NAME = 256;

    public Payer {
        if (key < 0) {
            throw new IllegalArgumentException("key " + key + ": allowed is 0 or more");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of key " + key + " is empty");
        }
        name = storable(name);
        if (!AdapterId.isName(tenant)) {
            throw new IllegalArgumentException(
                    "tenant '" + tenant + "': allowed are " + AdapterId.NAME_RULE);
        }
    }

    /** Subjects of signed tokens may hold anything; a database's text holds no NUL. */
    private static String storable(String name) {
        String begun = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        String cut = begun.isBlank() ? "?" : begun; // a name that is kept can be read again
        return cut.chars().allMatch(c -> c >= ' ' && c < 0x7f)
                ? cut
                : cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }

    // A record's own methods go through method handles, and every answer calls these.

    @Override
    public int hashCode() {
        return (Long.hashCode(key) * 31 + name.hashCode()) * 31 + tenant.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payer(var thatKey, var thatName, var thatTenant)
                && key == thatKey
                && name.equals(thatName)
                && tenant.equals(thatTenant);
    }
}
