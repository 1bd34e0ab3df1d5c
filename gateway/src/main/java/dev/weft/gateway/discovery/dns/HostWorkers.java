package dev.weft.gateway.discovery.dns;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.worker.ListedWorker;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Workers at the addresses of hosts.
 *
 * @param hosts scheme, host and port of each
 */
record HostWorkers(List<URI> hosts, HostAddresses addresses) implements DnsSource.Finder {
    @Override
    public List<ListedWorker> find(Look look) throws InterruptedException {
        Map<String, List<InetAddress>> found =
                addresses.look(hosts.stream().map(HostWorkers::name).toList(), look);
        List<ListedWorker> workers = new ArrayList<>();
        for (URI host : hosts) {
            for (InetAddress address : found.getOrDefault(name(host), List.of())) {
                workers.add(
                        new ListedWorker(
                                FoundAddresses.worker(host.getScheme(), address, port(host)),
                                false));
            }
        }
        return workers;
    }

    private static String name(URI host) {
        return DnsNames.canonical(host.getHost());
    }

    private static int port(URI host) {
        return host.getPort() >= 0 ? host.getPort() : "https".equals(host.getScheme()) ? 443 : 80;
    }
}
