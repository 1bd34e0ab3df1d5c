package dev.weft.gateway.discovery.dns;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.worker.ListedWorker;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Workers that SRV records name. A name keeps the targets that it had while DNS doesn't answer or
 * says that it has none. One thread.
 */
final class SrvWorkers implements DnsSource.Finder {
    private final List<String> names;
    private final String scheme;
    private final int most;
    private final DnsClient client;
    private final HostAddresses addresses;
    private Map<String, List<SrvTarget>> known = Map.of();

    /**
     * Workers of these names.
     *
     * @param most targets of a name
     */
    SrvWorkers(
            List<String> names,
            String scheme,
            int most,
            DnsClient client,
            HostAddresses addresses) {
        this.names = names.stream().map(DnsNames::canonical).distinct().toList();
        this.scheme = scheme;
        this.most = most;
        this.client = client;
        this.addresses = addresses;
    }

    @Override
    public List<ListedWorker> find(Look look) throws InterruptedException {
        List<SrvTarget> targets = targets(look);
        Map<String, List<InetAddress>> found =
                addresses.look(targets.stream().map(SrvTarget::host).toList(), look);
        List<ListedWorker> workers = new ArrayList<>();
        for (SrvTarget target : targets) {
            for (InetAddress address : found.getOrDefault(target.host(), List.of())) {
                workers.add(
                        new ListedWorker(
                                FoundAddresses.worker(scheme, address, target.port()), false));
            }
        }
        return workers;
    }

    private List<SrvTarget> targets(Look look) throws InterruptedException {
        Map<String, CompletableFuture<DnsAnswer<SrvTarget>>> asked = new LinkedHashMap<>();
        for (String name : names) {
            asked.put(name, client.ask(name, DnsRecordType.SRV, SrvTarget::read));
        }
        Map<String, List<SrvTarget>> now = new HashMap<>();
        List<SrvTarget> all = new ArrayList<>();
        for (var each : asked.entrySet()) {
            List<SrvTarget> targets = targets(each.getKey(), each.getValue(), look);
            now.put(each.getKey(), targets);
            all.addAll(targets);
        }
        known = now;
        return all;
    }

    private List<SrvTarget> targets(
            String name, CompletableFuture<DnsAnswer<SrvTarget>> asked, Look look)
            throws InterruptedException {
        Optional<List<SrvTarget>> answer = look.take(name + " (SRV)", asked);
        List<SrvTarget> targets =
                SrvTarget.first(answer.orElse(List.of())).stream().limit(most).toList();
        if (!targets.isEmpty()) {
            return targets;
        }
        if (answer.isPresent()) {
            look.problem(name + ": no target");
        }
        return known.getOrDefault(name, List.of());
    }
}
