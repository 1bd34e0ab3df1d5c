package dev.weft.source.http;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * An HTTP proxy on loopback for clients inside this process that resolve names and follow redirects
 * by themselves. It connects only to addresses that the rules allow. It resolves a name once,
 * checks all its addresses, and connects to one of them. TLS stays between client and server. A
 * user must know the proxy's address, which holds a secret. Each connection has a thread, and a
 * second one while bytes are passed on.
 */
public final class CheckingProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckingProxy.class);
    private static final String USER = "weft";
    private static final Duration HEAD = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerSocket socket;
    private final Duration connect;
    private final AddressRules.Resolver resolver;
    private final String credentials;
    private final Set<Allowance> allowances = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Failure failure;

    /**
     * @param plain the endpoint is asked without TLS
     */
    private record Allowance(AddressRules rules, boolean plain) {
        boolean holds(ProxyRequest request) {
            return request.tunnel() || (plain && rules.trusts(request.host(), request.port()));
        }
    }

    /**
     * A connection that failed.
     *
     * @param nanos time of {@link System#nanoTime}
     * @param refused the rules did not allow it
     */
    public record Failure(long nanos, String words, boolean refused) {}

    /**
     * Starts the proxy on a free port of loopback; it allows nothing yet.
     *
     * @param connect time for a connection to each address
     */
    public static CheckingProxy start(Duration connect) throws IOException {
        return start(connect, InetAddress::getAllByName);
    }

    static CheckingProxy start(Duration connect, AddressRules.Resolver resolver)
            throws IOException {
        ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        CheckingProxy proxy = new CheckingProxy(socket, connect, resolver);
        Thread.ofVirtual().name("weft-source-proxy").start(proxy::accept);
        return proxy;
    }

    private CheckingProxy(ServerSocket socket, Duration connect, AddressRules.Resolver resolver) {
        this.socket = socket;
        this.connect = connect;
        this.resolver = resolver;
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        this.credentials = USER + ":" + Base64.getUrlEncoder().encodeToString(secret);
    }

    /** The proxy's address for clients, with the secret that it wants. */
    public URI address() {
        var place =
                new HostPattern(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
        return URI.create("http://" + credentials + "@" + place);
    }

    /**
     * Also allows an endpoint, whatever its address, and with TLS any public address.
     *
     * @param ranges addresses that are allowed although they are not public
     */
    public void allow(URI endpoint, List<AddressRange> ranges) {
        allowances.add(
                new Allowance(
                        AddressRules.at(endpoint, ranges), "http".equals(endpoint.getScheme())));
    }

    /** The last connection that failed, if it failed at or after a time of nanoTime. */
    public Optional<Failure> failureSince(long nanos) {
        return Optional.ofNullable(failure).filter(last -> last.nanos - nanos >= 0);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().name("weft-source-proxy").start(() -> serve(client));
            } catch (IOException | RuntimeException | Error e) {
                if (!socket.isClosed()) {
                    LOG.warn("proxy of the object stores: {}", e.toString());
                    LockSupport.parkNanos(PAUSE.toNanos()); // e.g. too many open files
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout((int) HEAD.toMillis());
            InputStream in = new BufferedInputStream(client.getInputStream());
            ProxyRequest request = ProxyRequest.read(in);
            if (!isKnown(request)) {
                refuseStranger(client, request);
                return;
            }
            long body = request.length();
            Socket server = connected(client, request);
            if (server != null) {
                begin(new Relay(client, in, server), request, body);
            }
        } catch (IOException e) {
            LOG.debug("proxy of the object stores: {}", e.toString());
        }
    }

    private static void begin(Relay relay, ProxyRequest request, long body) throws IOException {
        if (request.tunnel()) {
            relay.tunnel("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            relay.exchange(request.forServer(), body);
        }
    }

    private boolean isKnown(ProxyRequest request) {
        String basic =
                Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.US_ASCII));
        byte[] given = request.authorization().orElse("").getBytes(StandardCharsets.ISO_8859_1);
        return MessageDigest.isEqual(("Basic " + basic).getBytes(StandardCharsets.US_ASCII), given);
    }

    /**
     * Refuses a client without the secret, such as one that follows a redirect: it drops all
     * credentials, those for its proxy too, and sends them again for tunnels only.
     */
    private void refuseStranger(Socket client, ProxyRequest request) throws IOException {
        if (!request.tunnel()) {
            failed(where(request) + ": redirects without TLS are not followed", true);
        }
        answer(client, "407 Proxy Authentication Required");
    }

    private void failed(String words, boolean refused) {
        LOG.atLevel(refused ? Level.WARN : Level.DEBUG).log("an object store's {}", words);
        failure = new Failure(System.nanoTime(), words, refused);
    }

    private static String where(ProxyRequest request) {
        return "host '" + request.host() + "' (port " + request.port() + ")";
    }

    /** A connection to the server; null if there is none, which the client was told. */
    private @Nullable Socket connected(Socket client, ProxyRequest request) throws IOException {
        try {
            return connect(addresses(request), request.port());
        } catch (AddressRefusedException e) {
            failed(String.valueOf(e.getMessage()), true);
            answer(client, "403 Forbidden");
        } catch (IOException e) {
            failed(where(request) + ": no connection: " + e, false);
            answer(client, "502 Bad Gateway");
        }
        return null;
    }

    private InetAddress[] addresses(ProxyRequest request) throws IOException {
        AddressRefusedException refused =
                new AddressRefusedException(where(request) + " is not an endpoint without TLS");
        for (Allowance allowance : allowances) {
            try {
                if (allowance.holds(request)) {
                    return allowance.rules.resolve(request.host(), request.port(), resolver);
                }
            } catch (AddressRefusedException e) {
                refused = e;
            }
        }
        throw refused;
    }

    private Socket connect(InetAddress[] addresses, int port) throws IOException {
        IOException failed = new IOException("it has no address");
        for (InetAddress address : List.of(addresses)) {
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(address, port), (int) connect.toMillis());
                return server;
            } catch (IOException e) {
                server.close();
                failed = e;
            }
        }
        throw failed;
    }

    private static void answer(Socket client, String status) throws IOException {
        OutputStream out = client.getOutputStream();
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    /** Takes no more connections; existing ones go on. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
