package dev.weft.standalone.bench.gateway;

import dev.weft.protocol.usage.AnswerNotes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A worker that answers every chat at once, with a stream of events. It costs as little as
 * possible, since it shares the machine with what is measured. A virtual thread for each
 * connection.
 */
final class InstantWorker implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private static final String EVENT =
            """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" word"}}]}

            """;

    private final ServerSocket server;
    private final String models;
    private final byte[] plain;
    private final byte[] noted;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen on loopback.
     *
     * @param base the name of its base
     * @param events of an answer, before the one that ends it
     * @param port 0 for a free one
     */
    InstantWorker(String base, int events, int port) throws IOException {
        server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        models =
                """
                {"object":"list","data":[{"id":"%s","object":"model","root":"instant","parent":null}]}\
                """
                        .formatted(base);
        plain = stream(events, false);
        noted = stream(events, true);
        Thread.ofVirtual().name("instant-worker").start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            HttpReader in = new HttpReader(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 1 << 14);
            for (String head = in.head(); !head.isEmpty(); head = in.head()) {
                in.skip(HttpReader.length(head));
                out.write(answer(head));
                out.flush();
            }
        } catch (IOException e) {
            // the caller has gone
        } finally {
            connections.remove(connection);
        }
    }

    private byte[] answer(String head) {
        if (head.startsWith("POST ")) {
            boolean asks = head.toLowerCase(Locale.ROOT).contains(AnswerNotes.ASK + ":");
            return asks ? noted : plain;
        }
        if (head.startsWith("GET /actuator/health/readiness ")) {
            return json("200 OK", "{\"status\":\"UP\"}");
        }
        return head.startsWith("GET /v1/models ")
                ? json("200 OK", models)
                : json("404 Not Found", "{}");
    }

    private static byte[] json(String status, String body) {
        String answer =
                String.join(
                        "\r\n",
                        "HTTP/1.1 " + status,
                        "Content-Type: application/json",
                        "Content-Length: " + body.length(),
                        "",
                        body);
        return answer.getBytes(StandardCharsets.US_ASCII);
    }

    /** An answer, each event a chunk of its own. */
    private static byte[] stream(int events, boolean noted) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\n");
        text.append("Content-Type: text/event-stream\r\n");
        text.append("Transfer-Encoding: chunked\r\n\r\n");
        for (int event = 1; event <= events; event++) {
            String note = noted ? ": " + AnswerNotes.USAGE + " 400 " + event + "\n" : "";
            chunk(text, note + EVENT);
        }
        chunk(text, "data: [DONE]\n\n");
        return text.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void chunk(StringBuilder text, String event) {
        text.append(Integer.toHexString(event.length()))
                .append("\r\n")
                .append(event)
                .append("\r\n");
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
