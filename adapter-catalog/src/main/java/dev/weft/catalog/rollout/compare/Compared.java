package dev.weft.catalog.rollout.compare;

import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;

/** A rollout or a shadow, which compares two versions. */
public interface Compared {
    Comparison compared();

    default AdapterId alias() {
        return compared().alias();
    }

    /** The version that the alias leads to, or led to before. */
    default RolledVersion from() {
        return compared().from();
    }

    /** The candidate. */
    default RolledVersion to() {
        return compared().to();
    }
}
