package dev.weft.catalog.registry;

/** An alias can't point there. */
public final class AliasTargetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int place;
    private final transient AliasTarget target;
    private final String allowed;

    AliasTargetException(int place, AliasTarget target, String allowed) {
        super("target " + target + " is not allowed; allowed: " + allowed);
        this.place = place;
        this.target = target;
        this.allowed = allowed;
    }

    /** Place in the list of targets, from 0. */
    public int place() {
        return place;
    }

    public AliasTarget target() {
        return target;
    }

    /** What may stand there. */
    public String allowed() {
        return allowed;
    }
}
