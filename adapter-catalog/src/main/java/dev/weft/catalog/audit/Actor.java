package dev.weft.catalog.audit;

import dev.weft.protocol.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Who makes a change, for the audit log.
 *
 * @param name name of a token, or a subject of an identity provider. Such a subject may hold
 *     anything: it is cut to 256 characters, control characters are replaced, and a part of its
 *     digest keeps it apart from others
 */
public record Actor(String name) {
    private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    /** Any caller of a catalog that asks for no token. */
    public static final Actor ANONYMOUS = new Actor("anonymous");

    /** The catalog itself, which gives a name to a version that became ready without a request. */
    public static final Actor CATALOG = new Actor("catalog");

    private static final int LONGEST = 256;

    /** Characters of a digest. */
    private static final int MARK = 16;

    public Actor {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of an actor is blank");
        }
        name = storable(name);
    }

    private static String storable(String name) {
        String clean = UNSTORABLE.matcher(name).replaceAll("?");
        if (clean.length() <= LONGEST && clean.equals(name)) {
            return name;
        }
        int most = Math.min(clean.length(), LONGEST - MARK - 1);
        int end = Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most;
        // as UTF-8, all halves of a surrogate pair would be alike
        String digest = Sha256.hex(name.getBytes(StandardCharsets.UTF_16BE));
        return clean.substring(0, end) + "~" + digest.substring(0, MARK);
    }
}
