package dev.weft.source.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends GET requests to checked addresses. Apache's client is used for its DNS hook: the socket
 * connects to the addresses that the hook returns, with the name still in the TLS handshake;
 * nothing is resolved a second time. No redirect is followed, nothing is tried again, no cookie is
 * kept. Safe for any thread.
 */
public final class GuardedHttp {
    private static final int MOST_CONNECTIONS = 256;
    private static final int LONGEST_HEADER = 16 << 10;
    private static final int MOST_HEADERS = 200;

    private final AddressRules rules;
    private final HttpLimits limits;
    private final CloseableHttpClient client;

    public GuardedHttp(AddressRules rules, HttpLimits limits) {
        this(rules, limits, InetAddress::getAllByName);
    }

    /** Makes a client that has another resolver of names. */
    public GuardedHttp(AddressRules rules, HttpLimits limits, AddressRules.Resolver resolver) {
        this.rules = rules;
        this.limits = limits;
        this.client = client(limits, new CheckedNames(rules, resolver));
    }

    /** The hook: a refused address never reaches a socket. */
    private record CheckedNames(AddressRules rules, AddressRules.Resolver resolver)
            implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return checked(host, -1);
        }

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            return Arrays.stream(checked(host, port))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        }

        private InetAddress[] checked(String host, int port) throws UnknownHostException {
            try {
                return rules.resolve(host, port, resolver);
            } catch (UnknownHostException e) {
                throw e;
            } catch (IOException e) {
                UnknownHostException refused = new UnknownHostException(e.getMessage());
                refused.initCause(e);
                throw refused;
            }
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private static CloseableHttpClient client(HttpLimits limits, DnsResolver names) {
        Timeout silence = Timeout.of(limits.silence());
        return HttpClients.custom()
                .setConnectionManager(connections(limits, names))
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(silence)
                                .setResponseTimeout(silence)
                                .setRedirectsEnabled(false)
                                // proxies answer 403 to a client that offers TLS in plain HTTP
                                .setProtocolUpgradeEnabled(false)
                                .build())
                .setUserAgent("weft")
                // Each request has its own connection, so that none is left over that somebody
                // would have to close.
                .setConnectionReuseStrategy((_, _, _) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(
            HttpLimits limits, DnsResolver names) {
        Timeout silence = Timeout.of(limits.silence());
        Http1Config bounds =
                Http1Config.custom()
                        .setMaxLineLength(LONGEST_HEADER)
                        .setMaxHeaderCount(MOST_HEADERS)
                        .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(silence).build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connect()))
                                .setSocketTimeout(silence)
                                .build())
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(bounds).build())
                .build();
    }

    /**
     * Sends a request; returns when the head of the answer has arrived.
     *
     * @param left time until the body must have been read
     * @throws AddressRefusedException if the rules don't allow the host or its address
     * @throws StalledException if the answer does not come in time; reading its body throws it too
     */
    public HttpAnswer get(URI uri, Map<String, String> headers, Duration left) throws IOException {
        rules.check(uri);
        HttpGet request = new HttpGet(uri);
        request.setHeader("Accept-Encoding", "identity");
        headers.forEach(request::setHeader);
        AnswerWatch watch = AnswerWatch.start(request::cancel, limits, left);
        try {
            ClassicHttpResponse response = client.executeOpen(null, request, null);
            watch.begun();
            return answer(uri, request, response, watch);
        } catch (IOException e) {
            watch.close();
            watch.check();
            throw e.getCause() instanceof AddressRefusedException refused ? refused : e;
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private static HttpAnswer answer(
            URI uri, HttpGet request, ClassicHttpResponse response, AnswerWatch watch)
            throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        HttpEntity entity = response.getEntity();
        InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
        WatchedStream watched = new WatchedStream(body, watch);
        return new HttpAnswer(
                uri,
                response.getCode(),
                headers,
                watched,
                () -> end(request, response, watched, watch));
    }

    /**
     * If an answer was not read to its end, its connection is closed: reading an unwanted rest
     * would have no bound.
     */
    private static void end(
            HttpGet request, ClassicHttpResponse response, WatchedStream body, AnswerWatch watch)
            throws IOException {
        watch.close();
        if (body.ended()) {
            response.close();
        } else {
            request.cancel();
        }
    }
}
