package dev.weft.standalone.bench.gateway;

import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A worker that answers every chat at once, with a stream of events. It tells its state each
 * second, so that a gateway knows as much as of a real worker when it chooses. It costs as little
 * as possible, since it shares the machine with what is measured. Each connection has a virtual
 * thread.
 */
final class InstantWorker implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final Duration TELLS = Duration.ofSeconds(1);

    /** The rows that it reports, so many that no request waits at the gateway. */
    private static final int ROWS = 256;

    private static final int SLOTS = 16;

    private static final String WORD =
            """
            {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" word"}}]}\
            """;

    private static final byte[] STREAM_HEAD =
            String.join(
                            "\r\n",
                            "HTTP/1.1 200 OK",
                            "Content-Type: text/event-stream",
                            "Transfer-Encoding: chunked",
                            "",
                            "")
                    .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] STREAM_END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

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
                if (head.startsWith("GET " + WorkerStateCodec.PATH + " ")) {
                    tell(out);
                }
                out.write(answer(head));
                out.flush();
            }
        } catch (IOException e) {
            // the caller has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Streams the worker's state until the caller goes. */
    private static void tell(OutputStream out) throws IOException, InterruptedException {
        WorkerLoad load = new WorkerLoad(ROWS, 0, Map.of(), 0.1, 0.1, 0.001);
        byte[] state = WorkerStateCodec.encode(new WorkerState(false, SLOTS, Map.of(), load));
        var event = new ByteArrayOutputStream();
        chunk(event, events().event(WorkerStateCodec.EVENT).data(state));
        byte[] bytes = event.toByteArray();
        out.write(STREAM_HEAD);
        while (true) {
            out.write(bytes);
            out.flush();
            Thread.sleep(TELLS);
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

    /** The bytes of an answer, in which each event is a chunk of its own. */
    private static byte[] stream(int events, boolean noted) {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(STREAM_HEAD);
        for (int event = 1; event <= events; event++) {
            EventWriter word = events();
            if (noted) {
                word.comment(AnswerNotes.USAGE + " 400 " + event);
            }
            chunk(stream, word.data(WORD));
        }
        chunk(stream, events().data(EventWriter.DONE));
        stream.writeBytes(STREAM_END);
        return stream.toByteArray();
    }

    private static EventWriter events() {
        return new EventWriter(256);
    }

    private static void chunk(ByteArrayOutputStream stream, EventWriter event) {
        String length = Integer.toHexString(event.size()) + "\r\n";
        stream.writeBytes(length.getBytes(StandardCharsets.US_ASCII));
        stream.writeBytes(event.toByteArray());
        stream.write('\r');
        stream.write('\n');
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
