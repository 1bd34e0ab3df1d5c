package dev.weft.catalog.audit;

import dev.weft.protocol.adapter.AdapterId;

/**
 * An actor's action on a subject.
 *
 * @param action e.g. {@code alias.set}
 * @param subject cut to its first 256 characters
 */
public record AuditedChange(Actor actor, String tenant, String action, String subject) {
    private static final int LONGEST_SUBJECT = 256;

    public AuditedChange {
        subject =
                subject.length() <= LONGEST_SUBJECT
                        ? subject
                        : subject.substring(0, LONGEST_SUBJECT);
    }

    /** A change that concerns all tenants. */
    public static AuditedChange ofAll(Actor actor, String action, String subject) {
        return new AuditedChange(actor, AdapterId.DEFAULT_TENANT, action, subject);
    }

    /** A change of an adapter, or of an alias. */
    public static AuditedChange of(Actor actor, String action, AdapterId subject) {
        return new AuditedChange(actor, subject.tenant(), action, subject.name());
    }
}
