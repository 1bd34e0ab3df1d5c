package dev.weft.gateway.discovery.source;

import dev.weft.protocol.repository.AddressRange;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * Decides which of the found addresses may be workers' addresses. Otherwise, whoever answers for
 * DNS could lead requests and this gateway's token to programs of the gateway's machine, or to its
 * cloud's metadata.
 *
 * @param networks where they may lie; empty for anywhere but loopback and link-local addresses
 */
public record FoundAddresses(List<AddressRange> networks) {
    public FoundAddresses {
        networks = List.copyOf(networks);
    }

    /** True if a worker may have this address. */
    public boolean admits(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return networks.isEmpty()
                ? !address.isLoopbackAddress() && !address.isLinkLocalAddress()
                : networks.stream().anyMatch(range -> range.contains(address));
    }

    /** The URI of a worker at this address and port. */
    public static URI worker(String scheme, InetAddress address, int port) {
        String host = address.getHostAddress();
        int zone = host.indexOf('%');
        String literal = zone < 0 ? host : host.substring(0, zone);
        return URI.create(
                scheme
                        + "://"
                        + (literal.contains(":") ? "[" + literal + "]" : literal)
                        + ":"
                        + port);
    }

    /** True for an address of scheme, host and port, and nothing else. */
    public static boolean isBare(URI address) {
        return address.getRawUserInfo() == null
                && (address.getRawPath() == null || address.getRawPath().isEmpty())
                && address.getRawQuery() == null
                && address.getRawFragment() == null;
    }

    /** Two addresses that lead to one worker have the same key. */
    public static URI key(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int port = address.getPort();
        if (port < 0) {
            port = scheme.equals("https") ? 443 : 80;
        }
        try {
            InetAddress literal =
                    InetAddress.ofLiteral(address.getHost().replaceAll("^\\[|\\]$", ""));
            return worker(scheme, literal, port);
        } catch (IllegalArgumentException _) { // it is a name
            return named(scheme, address.getHost().toLowerCase(Locale.ROOT), port);
        }
    }

    private static URI named(String scheme, String host, int port) {
        try {
            return new URI(scheme, null, host, port, null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + host + "' is not a host", e);
        }
    }
}
