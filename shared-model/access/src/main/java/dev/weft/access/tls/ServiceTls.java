package dev.weft.access.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** The TLS of one process, as server and as client. Any thread. */
public final class ServiceTls {
    /** Plain HTTP; clients trust what the Java runtime trusts. */
    public static final ServiceTls OFF = new ServiceTls(new PemFiles(TlsSettings.OFF), null);

    private final PemFiles files;
    private final @Nullable LiveContext clients;

    private ServiceTls(PemFiles files, @Nullable LiveContext clients) {
        this.files = files;
        this.clients = clients;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if one is missing, holds something else, or the key is not
     *     the certificate's; names the key and the file
     */
    public static ServiceTls open(TlsSettings settings) {
        PemFiles files = new PemFiles(settings);
        return files.given() ? new ServiceTls(files, new LiveContext(files.read())) : OFF;
    }

    /** True if ports speak TLS. */
    public boolean listens() {
        return files.settings().certificate() != null;
    }

    /** True if certificates may identify a service. */
    public boolean asksForCertificates() {
        return listens() && !services().isEmpty();
    }

    /** Names in certificates that stand for the role of a service. */
    public List<String> services() {
        return files.settings().services();
    }

    /**
     * The address of a listener.
     *
     * @param host a name or an address; one of IPv6 without brackets
     */
    public URI address(String host, int port) {
        String written = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((listens() ? "https://" : "http://") + written + ":" + port);
    }

    /**
     * The address at which a listener is reached from its own machine. A listener at all addresses
     * is reached at loopback.
     */
    public URI reachable(String bindAddress, int port) {
        return address(
                switch (bindAddress) {
                    case "0.0.0.0", "::", "*" -> "127.0.0.1";
                    default -> bindAddress;
                },
                port);
    }

    /**
     * Spring Boot's properties for the listeners of a service.
     *
     * @param apart management has a port of its own
     * @param peers the service's own port is for services too, and so asks for certificates; a
     *     person's browser would then ask which certificate to show
     */
    public Map<String, Object> properties(boolean apart, boolean peers) {
        Map<String, Object> properties = new LinkedHashMap<>(files.properties());
        if (listens()) {
            properties.putAll(listener("server.ssl.", peers));
            if (apart) {
                properties.putAll(listener("management.server.ssl.", true));
            }
        }
        return properties;
    }

    private Map<String, Object> listener(String prefix, boolean peers) {
        return Map.of(
                prefix + "bundle",
                PemFiles.BUNDLE,
                prefix + "client-auth",
                peers && asksForCertificates() ? "want" : "none");
    }

    /**
     * A builder for clients of HTTP/1.1 that check servers, and show this process's certificate.
     */
    public HttpClient.Builder client() {
        HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        return clients == null ? client : client.sslContext(clients.context());
    }

    /**
     * A context for clients on Netty, which check servers and show this process's certificate;
     * empty means Netty's own context.
     */
    public Optional<SslContext> netty() {
        return Optional.ofNullable(clients)
                .map(live ->
                        new JdkSslContext(
                                live.context(),
                                true,
                                null,
                                IdentityCipherSuiteFilter.INSTANCE,
                                ApplicationProtocolConfig.DISABLED,
                                ClientAuth.NONE,
                                null,
                                false));
    }

    /** Has another client on Netty check servers, and show this process's certificate. */
    public void configure(SslContextBuilder client) {
        if (clients != null) {
            clients.configure(client);
        }
    }

    /** Uses the bundles' content, now and whenever they are read again. */
    public void follow(SslBundles bundles) {
        if (clients != null) {
            clients.take(bundles.getBundle(PemFiles.BUNDLE));
            bundles.addBundleUpdateHandler(PemFiles.BUNDLE, clients::take);
        }
    }
}
