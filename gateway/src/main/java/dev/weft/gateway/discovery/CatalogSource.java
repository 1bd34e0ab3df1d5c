package dev.weft.gateway.discovery;

import dev.weft.access.client.ServiceClient;
import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.worker.ListedWorker;
import dev.weft.protocol.feed.CatalogEndpoint;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.residency.ReportedWorkers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers that report to the catalog. The catalog knows a worker for 15 s after its last
 * report. This source asks the catalog every 2 s and drops a worker that five answers in a row
 * lack: 25 s after its last report. One answer is not enough, because a catalog that was away, or
 * whose database was, has had no reports for a while. A known worker that reports stays even if its
 * name can't be looked up: a failed look-up says nothing about the worker. The catalog checks who
 * may report: it asks for a token of role {@code service}.
 */
final class CatalogSource implements WorkerSource {
    static final int ANSWERS_WITHOUT = 5;

    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final ServiceClient client;
    private final URI workers;
    private final FoundAddresses allowed;
    private final HostLookup hosts;
    private final Loop loop;

    /** The number of answers in a row that lacked each worker. Only the loop uses it. */
    private final Map<URI, Integer> without = new LinkedHashMap<>();

    private @Nullable SourceListener listener;

    /** Looks the addresses of a host up. */
    @FunctionalInterface
    interface HostLookup {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    /** A source that asks nothing yet. */
    CatalogSource(CatalogEndpoint catalog, FoundAddresses allowed, HostLookup hosts, Loops loops) {
        this.client =
                new ServiceClient(
                        catalog.token(), catalog.client().connectTimeout(CONNECT_TIMEOUT).build());
        this.workers = catalog.address().resolve(ReportedWorkers.PATH);
        this.allowed = allowed;
        this.hosts = hosts;
        this.loop = loops.loop("worker-discovery", name().word(), this::look);
    }

    @Override
    public SourceName name() {
        return SourceName.CATALOG;
    }

    @Override
    public void start(SourceListener listener) {
        this.listener = listener;
        loop.start();
    }

    private Duration look() throws InterruptedException {
        SourceListener told = listener;
        if (told == null) {
            return PERIOD;
        }
        try {
            List<String> problems = new ArrayList<>();
            take(addresses(ask(), problems));
            told.found(
                    without.keySet().stream()
                            .map(address -> new ListedWorker(address, false))
                            .toList(),
                    problems);
        } catch (IOException e) {
            told.failed("no answer of the catalog (" + e.getClass().getSimpleName() + ")");
        } catch (IllegalArgumentException e) {
            told.failed("the catalog: " + e.getMessage());
        }
        return PERIOD;
    }

    private ReportedWorkers ask() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                client.exchange(
                        client.request(workers),
                        BodyHandlers.limiting(
                                BodyHandlers.ofByteArray(), ReportedWorkers.MOST_BYTES),
                        DEADLINE);
        if (answer.statusCode() != 200) {
            throw new IllegalArgumentException(
                    ReportedWorkers.PATH + " answered " + answer.statusCode());
        }
        return ReportedWorkers.decode(answer.body());
    }

    private void take(Set<URI> now) {
        without.replaceAll((_, answers) -> answers + 1);
        now.forEach(address -> without.put(address, 0));
        without.values().removeIf(answers -> answers >= ANSWERS_WITHOUT);
    }

    private Set<URI> addresses(ReportedWorkers reported, List<String> problems) {
        Set<URI> addresses = new LinkedHashSet<>();
        for (ReportedWorkers.Worker worker : reported.workers()) {
            try {
                URI address = address(worker.address());
                if (isFound(address)) {
                    addresses.add(address);
                } else {
                    problems.add(
                            "worker " + worker.id() + ": '" + address.getHost() + "' is not found");
                    if (without.containsKey(address)) {
                        addresses.add(address);
                    }
                }
            } catch (IllegalArgumentException e) {
                problems.add("worker " + worker.id() + ": " + e.getMessage());
            }
        }
        return addresses;
    }

    private static URI address(String reported) {
        URI address = readable(reported);
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null || !FoundAddresses.isBare(address)) {
            throw new IllegalArgumentException(
                    "'" + reported + "' is not an address like http://10.1.0.7:8082");
        }
        return address;
    }

    /** A text that is not an address is not repeated, since it may contain lines for a log. */
    private static URI readable(String reported) {
        try {
            return URI.create(reported);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("reports something that is not an address");
        }
    }

    /**
     * Looks an address up.
     *
     * @return false if its host is not found now
     * @throws IllegalArgumentException if gateways may not ask one of its addresses
     */
    private boolean isFound(URI address) {
        InetAddress[] found;
        try {
            found = hosts.find(address.getHost());
        } catch (UnknownHostException _) {
            return false;
        }
        for (InetAddress each : found) {
            if (!allowed.admits(each)) {
                throw new IllegalArgumentException(
                        "'"
                                + address
                                + "' does not lie in weft.gateway.discovery.networks; its"
                                + " weft.inference.address says where it is reached");
            }
        }
        return true;
    }

    @Override
    public void close() {
        loop.close();
        client.close();
    }
}
