package dev.weft.gateway.discovery.dns;

import java.util.Locale;

/** Names of DNS as this package keeps them. */
final class DnsNames {
    private DnsNames() {}

    /** A name in lower case, without the dot at its end. */
    static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
