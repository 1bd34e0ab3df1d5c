package dev.weft.protocol.repository;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that may be asked: a name, {@code *.} and a name for all names below it, or {@code *} for
 * any. With a port only that port is meant.
 *
 * @param name in lower case, an IPv6 address without brackets
 * @param port -1 for any
 */
public record HostPattern(String name, int port) {
    /** The allowed texts, for messages. */
    public static final String ALLOWED =
            "a host like files.example.com, *.example.com, 10.0.0.5 or *, with :port if only one"
                    + " is meant";

    private static final Pattern SHAPE =
            Pattern.compile(
                    "(\\*|(?:\\*\\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])"
                        + "(?::(\\d{1,5}))?");

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if the text is not a pattern; says what is allowed
     */
    public static HostPattern of(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not allowed: " + ALLOWED);
        }
        String port = matcher.group(2);
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        return new HostPattern(
                name.startsWith("[") ? name.substring(1, name.length() - 1) : name,
                port == null ? -1 : Integer.parseInt(port));
    }

    /** True if the pattern covers this host and port. */
    public boolean matches(String host, int otherPort) {
        if (port >= 0 && port != otherPort) {
            return false;
        }
        String other = host.toLowerCase(Locale.ROOT);
        return name.equals("*")
                || name.equals(other)
                || (name.startsWith("*.") && other.endsWith(name.substring(1)));
    }

    /** True if the pattern names exactly one host. */
    public boolean isExact() {
        return !name.startsWith("*");
    }

    @Override
    public String toString() {
        String written = name.contains(":") ? "[" + name + "]" : name;
        return port < 0 ? written : written + ":" + port;
    }
}
