package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterId;

/**
 * A name that leads to nothing yet, and of which a version is being made ready.
 *
 * @param base id of the version's base; {@link ServedVersion#FIRST_BASE} while nobody knows it
 */
public record ComingName(AdapterId id, long base) {
    /** A name whose base nobody knows. */
    public ComingName(AdapterId id) {
        this(id, ServedVersion.FIRST_BASE);
    }
}
