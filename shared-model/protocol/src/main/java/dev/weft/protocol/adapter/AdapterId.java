package dev.weft.protocol.adapter;

/**
 * The owner and the name of an adapter. Clients type the name (or an alias) in {@code model}; it is
 * looked up, never parsed.
 *
 * @param tenant owner, {@link #DEFAULT_TENANT} if nobody asked for tenants
 * @param name 1 to 128 characters of letters, digits, {@code . _ -} and {@code /}; starts with a
 *     letter or digit
 */
public record AdapterId(String tenant, String name) {
    public static final String DEFAULT_TENANT = "default";

    /** The rule for names; a slash is allowed since owners use {@code owner/name}. */
    public static final String NAME_RULE =
            "1 to 128 letters, digits, '.', '_', '-' or '/', first a letter or a digit";

    private static final int LONGEST = 128;

    public AdapterId {
        if (!isName(tenant)) {
            throw new IllegalArgumentException("tenant '" + tenant + "': allowed are " + NAME_RULE);
        }
        if (!isName(name)) {
            throw new IllegalArgumentException("name '" + name + "': allowed are " + NAME_RULE);
        }
    }

    public static AdapterId of(String name) {
        return new AdapterId(DEFAULT_TENANT, name);
    }

    /**
     * The name as metrics, logs and traces have it: with the tenant, unless it is the default one.
     */
    public String written() {
        return tenant.equals(DEFAULT_TENANT) ? name : withTenant();
    }

    /** Tenant and name. */
    public String withTenant() {
        return tenant + '/' + name;
    }

    /** True if {@code text} may name an adapter or a tenant. */
    public static boolean isName(String text) {
        int length = text.length();
        if (length < 1 || length > LONGEST || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = text.charAt(i);
            boolean secondDot = c == '.' && text.charAt(i - 1) == '.';
            if (secondDot || !(isLetterOrDigit(c) || "._/-".indexOf(c) >= 0)) {
                return false;
            }
        }
        return text.charAt(length - 1) != '/';
    }

    /**
     * True if {@code text} may be a new name. Addresses leave out a part that is one dot, so a name
     * with such a part could not be reached. Names of that kind that are there already stay names.
     */
    public static boolean isNewName(String text) {
        return isName(text) && !text.endsWith("/.") && !text.contains("/./");
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
