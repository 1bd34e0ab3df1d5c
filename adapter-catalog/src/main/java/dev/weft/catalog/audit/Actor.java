package dev.weft.catalog.audit;

/**
 * Who makes a change, for the audit log.
 *
 * @param name name of a token, or a subject of an identity provider
 */
public record Actor(String name) {
    /** Any caller of a catalog that asks for no token. */
    public static final Actor ANONYMOUS = new Actor("anonymous");

    /** The catalog itself, which gives a name to a version that became ready without a request. */
    public static final Actor CATALOG = new Actor("catalog");

    private static final int LONGEST = 256;

    public Actor {
        if (name.isBlank() || name.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "actor '" + name + "': allowed are 1 to " + LONGEST + " characters");
        }
    }
}
