package dev.weft.protocol.json;

/** Names by which gateways and workers tell the catalog who they are. */
public final class SenderName {
    private static final int LONGEST = 64;

    private SenderName() {}

    /** True if {@code text} is such a name: 1 to 64 letters, digits, '.', '_' and '-'. */
    public static boolean isName(String text) {
        return text.matches("[A-Za-z0-9._-]{1," + LONGEST + "}");
    }

    /**
     * Checks a name.
     *
     * @param what what it names, for the message
     * @throws IllegalArgumentException if it is none; says what is allowed
     */
    public static void check(String what, String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    what
                            + " '"
                            + name
                            + "': allowed are 1 to "
                            + LONGEST
                            + " letters, digits, '.', '_' and '-'");
        }
    }
}
