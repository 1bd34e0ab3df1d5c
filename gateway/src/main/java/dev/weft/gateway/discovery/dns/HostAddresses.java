package dev.weft.gateway.discovery.dns;

import dev.weft.gateway.discovery.source.FoundAddresses;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The addresses of hosts. A host keeps its addresses while DNS doesn't answer. It also keeps them
 * if DNS says that it has none, since a name server that has lost its content says so, too. Then
 * only probes show whether the workers are there. One thread.
 */
final class HostAddresses {
    /** Hosts that are asked for at once. */
    private static final int AT_ONCE = 32;

    private record Asked(
            String host,
            CompletableFuture<DnsAnswer<InetAddress>> four,
            CompletableFuture<DnsAnswer<InetAddress>> six) {}

    private final DnsClient client;
    private final FoundAddresses allowed;
    private Map<String, List<InetAddress>> known = Map.of();

    HostAddresses(DnsClient client, FoundAddresses allowed) {
        this.client = client;
        this.allowed = allowed;
    }

    /** Looks hosts up, by their canonical names. Others are forgotten. */
    Map<String, List<InetAddress>> look(Collection<String> hosts, Look look)
            throws InterruptedException {
        Map<String, List<InetAddress>> now = new LinkedHashMap<>();
        List<String> all = hosts.stream().distinct().toList();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<Asked> asked =
                    all.subList(from, Math.min(all.size(), from + AT_ONCE)).stream()
                            .map(this::ask)
                            .toList();
            for (Asked each : asked) {
                now.put(each.host, take(each, look));
            }
        }
        known = now;
        return now;
    }

    private Asked ask(String host) {
        return new Asked(
                host,
                client.ask(host, DnsRecordType.A, HostAddresses::read),
                client.ask(host, DnsRecordType.AAAA, HostAddresses::read));
    }

    private List<InetAddress> take(Asked asked, Look look) throws InterruptedException {
        List<InetAddress> before = known.getOrDefault(asked.host, List.of());
        Optional<List<InetAddress>> four = look.take(asked.host + " (A)", asked.four);
        Optional<List<InetAddress>> six = look.take(asked.host + " (AAAA)", asked.six);
        List<InetAddress> now =
                allowed(
                        asked.host,
                        Stream.concat(
                                        four.orElseGet(() -> of(before, true)).stream(),
                                        six.orElseGet(() -> of(before, false)).stream())
                                .distinct()
                                .toList(),
                        look);
        if (!now.isEmpty()) {
            return now;
        }
        if (four.isPresent() && six.isPresent()) {
            look.problem(asked.host + ": no address that is allowed");
        }
        return before;
    }

    private static List<InetAddress> of(List<InetAddress> addresses, boolean four) {
        return addresses.stream()
                .filter(address -> four == (address instanceof Inet4Address))
                .toList();
    }

    private List<InetAddress> allowed(String host, List<InetAddress> found, Look look) {
        List<InetAddress> admitted = new ArrayList<>();
        for (InetAddress address : found) {
            if (allowed.admits(address)) {
                admitted.add(address);
            } else {
                look.problem(
                        host
                                + ": "
                                + address.getHostAddress()
                                + " does not lie in weft.gateway.discovery.networks");
            }
        }
        return admitted;
    }

    private static InetAddress read(DnsRawRecord record) {
        try {
            return InetAddress.getByAddress(ByteBufUtil.getBytes(record.content()));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }
}
