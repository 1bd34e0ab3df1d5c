package dev.weft.gateway.discovery.dns;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.protocol.loop.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the sources of DNS that settings ask for. */
public final class DnsSources {
    private static final Pattern SERVER = Pattern.compile("\\[?([^\\]]*?)\\]?(?::(\\d+))?");
    private static final int PORT = 53;

    private DnsSources() {}

    /**
     * The sources, which don't look for workers yet.
     *
     * @param scheme by which targets of SRV records are reached
     */
    public static List<WorkerSource> of(DiscoverySettings settings, String scheme, Loops loops) {
        List<InetSocketAddress> servers =
                settings.nameServers().stream().map(DnsSources::server).toList();
        FoundAddresses allowed = new FoundAddresses(settings.networks());
        List<WorkerSource> sources = new ArrayList<>();
        if (!settings.dns().isEmpty()) {
            DnsClient client = new DnsClient(servers);
            var finder = new HostWorkers(settings.dns(), new HostAddresses(client, allowed));
            sources.add(new DnsSource(SourceName.DNS, client, finder, settings.refresh(), loops));
        }
        if (!settings.srv().isEmpty()) {
            DnsClient client = new DnsClient(servers);
            var finder =
                    new SrvWorkers(
                            settings.srv(),
                            scheme,
                            settings.maxWorkers(),
                            client,
                            new HostAddresses(client, allowed));
            sources.add(new DnsSource(SourceName.SRV, client, finder, settings.refresh(), loops));
        }
        return sources;
    }

    /** Reads the address of a name server, whose form the settings have checked. */
    static InetSocketAddress server(String text) {
        Matcher matcher = SERVER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an address");
        }
        int port = matcher.group(2) == null ? PORT : Integer.parseInt(matcher.group(2));
        return new InetSocketAddress(InetAddress.ofLiteral(matcher.group(1)), port);
    }
}
