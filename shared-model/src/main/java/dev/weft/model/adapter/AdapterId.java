package dev.weft.model.adapter;

import java.util.regex.Pattern;

/**
 * Who owns an adapter and what it is called. Clients type the name (or an alias) in {@code model};
 * it is looked up, never parsed.
 *
 * @param tenant owner, {@link #DEFAULT_TENANT} where nobody asked for tenants
 * @param name 1 to 128 characters of letters, digits, {@code . _ -} and {@code /}; starts with a
 *     letter or digit
 */
public record AdapterId(String tenant, String name) {
    public static final String DEFAULT_TENANT = "default";

    /** What a name may look like; a slash is allowed since owners use {@code owner/name}. */
    public static final String NAME_RULE =
            "1 to 128 letters, digits, '.', '_', '-' or '/', first a letter or a digit";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

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

    /** True where {@code text} may name an adapter or a tenant. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains("..") && !text.endsWith("/");
    }
}
