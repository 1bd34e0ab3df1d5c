package dev.weft.source.http;

import dev.weft.protocol.repository.AddressRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses of the open internet from those that mean this machine, its network or nobody, by
 * the IANA registries of special-purpose addresses (RFC 6890 and later ones). An IPv6 address that
 * carries an IPv4 address is judged by the IPv4 address, since it leads there.
 */
final class PublicAddress {
    private static final List<AddressRange> SPECIAL =
            Stream.of(
                            "0.0.0.0/8",
                            "10.0.0.0/8",
                            "100.64.0.0/10",
                            "127.0.0.0/8",
                            "169.254.0.0/16",
                            "172.16.0.0/12",
                            "192.0.0.0/24",
                            "192.0.2.0/24",
                            "192.88.99.0/24",
                            "192.168.0.0/16",
                            "198.18.0.0/15",
                            "198.51.100.0/24",
                            "203.0.113.0/24",
                            "224.0.0.0/3",
                            "::/8",
                            "100::/8",
                            "2001::/23",
                            "2001:db8::/32",
                            "3fff::/20",
                            "5f00::/16",
                            "fc00::/6")
                    .map(AddressRange::of)
                    .toList();

    private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.of("2002::/16");

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        if (NAT64.contains(address)) {
            return is(embedded(address, 12));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return is(embedded(address, 2));
        }
        boolean special = SPECIAL.stream().anyMatch(range -> range.contains(address));
        boolean linkLocal = address.isLinkLocalAddress() || address.isLoopbackAddress();
        return !special && !linkLocal;
    }

    private static InetAddress embedded(InetAddress address, int at) {
        byte[] bytes = Arrays.copyOfRange(address.getAddress(), at, at + 4);
        try {
            return Inet4Address.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
