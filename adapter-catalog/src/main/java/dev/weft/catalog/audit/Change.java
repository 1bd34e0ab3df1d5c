package dev.weft.catalog.audit;

import dev.weft.protocol.adapter.AdapterId;

/**
 * An actor's action on a subject.
 *
 * @param action e.g. {@code alias.set}
 * @param subject cut to its first 256 characters
 */
public record Change(Actor actor, String tenant, String action, String subject) {
    private static final int LONGEST_SUBJECT = 256;

    public Change {
        subject =
                subject.length() <= LONGEST_SUBJECT
                        ? subject
                        : subject.substring(0, LONGEST_SUBJECT);
    }

    /** A change that concerns all tenants. */
    public static Change ofAll(Actor actor, String action, String subject) {
        return new Change(actor, AdapterId.DEFAULT_TENANT, action, subject);
    }

    /** A change of an adapter, or of an alias. */
    public static Change of(Actor actor, String action, AdapterId subject) {
        return new Change(actor, subject.tenant(), action, subject.name());
    }
}
