package dev.weft.source.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request as a client sends it to its proxy (RFC 9112, 3.2.2 and 3.2.3): {@code
 * CONNECT host:port} for a tunnel, or an absolute http address that the proxy asks for it.
 *
 * @param host without brackets
 * @param path path for the server itself; empty for a tunnel
 */
record ProxyRequest(String method, String host, int port, String path, HttpHead head) {
    private static final int HIGHEST_PORT = 65_535;

    private static final Pattern LINE =
            Pattern.compile("([A-Z]+) (?:http://([^/?#\\s]+)(\\S*)|([^/?#\\s]+:\\d+)) HTTP/1\\.1");

    /**
     * Reads a head, and nothing after it.
     *
     * @throws ProtocolException if it is not a request to a proxy
     */
    static ProxyRequest read(InputStream in) throws IOException {
        HttpHead head = HttpHead.read(in);
        Matcher line = LINE.matcher(head.line());
        if (!line.matches()) {
            throw new ProtocolException("no request to a proxy");
        }
        boolean tunnel = line.group(4) != null;
        if (tunnel != line.group(1).equals("CONNECT")) {
            throw new ProtocolException("CONNECT has host:port, and only that");
        }
        URI place = place(tunnel ? line.group(4) : line.group(2));
        String path = tunnel ? "" : line.group(3);
        return new ProxyRequest(
                line.group(1),
                AddressRules.host(place),
                AddressRules.port(place),
                tunnel || path.startsWith("/") ? path : "/" + path,
                head);
    }

    private static URI place(String authority) throws ProtocolException {
        try {
            URI place = URI.create("http://" + authority);
            if (place.getHost() != null
                    && place.getRawUserInfo() == null
                    && place.getPort() <= HIGHEST_PORT) {
                return place;
            }
        } catch (IllegalArgumentException _) {
            // an exception below reports it
        }
        throw new ProtocolException("no host in the request");
    }

    boolean tunnel() {
        return path.isEmpty();
    }

    /** The client's credentials for the proxy, as Basic with their scheme. */
    Optional<String> authorization() {
        return head.header("proxy-authorization");
    }

    /** Bytes of the body, whose length must be given. */
    long length() throws ProtocolException {
        String length = head.header("content-length").orElse("0");
        if (head.header("transfer-encoding").isPresent() || !length.matches("\\d{1,18}")) {
            throw new ProtocolException("a body without its length");
        }
        return Long.parseLong(length);
    }

    /** The server's request: the same for itself, and the last one of its connection. */
    byte[] forServer() {
        return head.sentOn(method + " " + path + " HTTP/1.1");
    }
}
