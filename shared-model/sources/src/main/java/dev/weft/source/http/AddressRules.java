package dev.weft.source.http;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Says which hosts may be asked, and at which addresses. An address that is not public is refused
 * unless a range allows it, its host is trusted, or the host is written as exactly that address in
 * a pattern.
 *
 * @param trusted hosts that the operator configured as an endpoint; at any address
 * @param hosts patterns, of which one must match any other host
 * @param ranges addresses that are allowed although they are not public
 */
public record AddressRules(
        List<HostPattern> trusted, List<HostPattern> hosts, List<AddressRange> ranges) {
    /** No hosts at all. */
    public static final AddressRules NONE = new AddressRules(List.of(), List.of(), List.of());

    private static final String HOSTS = "weft.sources.allowed-hosts";
    private static final String RANGES = "weft.sources.allowed-addresses";

    public AddressRules {
        trusted = List.copyOf(trusted);
        hosts = List.copyOf(hosts);
        ranges = List.copyOf(ranges);
    }

    /** Resolves names; in production this is the machine's resolver. */
    public interface Resolver {
        InetAddress[] resolve(String host) throws IOException;
    }

    /**
     * Rules for a service at one configured address. It may redirect clients to any public address,
     * and to other ports of its own host, since its storage may be there.
     */
    public static AddressRules around(URI endpoint, List<AddressRange> ranges) {
        return trusting(new HostPattern(host(endpoint), -1), ranges);
    }

    /**
     * Rules for a service at one configured address, which trust its host at the port of the
     * address only. It may redirect clients to any public address.
     */
    static AddressRules at(URI endpoint, List<AddressRange> ranges) {
        return trusting(new HostPattern(host(endpoint), port(endpoint)), ranges);
    }

    private static AddressRules trusting(HostPattern own, List<AddressRange> ranges) {
        return new AddressRules(List.of(own), List.of(HostPattern.of("*")), ranges);
    }

    /** True for a host that is trusted at any address. */
    boolean trusts(String host, int port) {
        return matches(trusted, host, port);
    }

    /**
     * Checks the host of an address before anything is resolved.
     *
     * @throws AddressRefusedException with the host and what is allowed
     */
    public void check(URI uri) throws AddressRefusedException {
        String host = host(uri);
        if (!trusts(host, port(uri)) && !matches(hosts, host, port(uri))) {
            throw new AddressRefusedException(
                    "host '"
                            + host
                            + "' (port "
                            + port(uri)
                            + ") is not allowed: allowed "
                            + (hosts.isEmpty() ? "is none" : "are " + words(hosts))
                            + " ("
                            + HOSTS
                            + ")");
        }
    }

    /**
     * Returns the addresses of a host, after a check of every one: a name with one address that is
     * not allowed is refused as a whole.
     */
    InetAddress[] resolve(String host, int port, Resolver resolver) throws IOException {
        InetAddress[] addresses = resolver.resolve(host);
        String plain = bare(host);
        if (trusts(plain, port)) {
            return addresses;
        }
        for (InetAddress address : addresses) {
            boolean named = address.getHostAddress().equals(plain) && isNamed(plain, port);
            if (!named
                    && !PublicAddress.is(address)
                    && ranges.stream().noneMatch(range -> range.contains(address))) {
                throw new AddressRefusedException(
                        "host '"
                                + plain
                                + "' is at "
                                + address.getHostAddress()
                                + ", which is not a public address; besides those, allowed "
                                + (ranges.isEmpty() ? "is none" : "are " + words(ranges))
                                + " ("
                                + RANGES
                                + ")");
            }
        }
        return addresses;
    }

    private boolean isNamed(String host, int port) {
        return matches(hosts.stream().filter(HostPattern::isExact).toList(), host, port);
    }

    private static boolean matches(List<HostPattern> patterns, String host, int port) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(host, port));
    }

    private static String words(List<?> allowed) {
        return allowed.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    static String host(URI uri) {
        return bare(String.valueOf(uri.getHost()));
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
