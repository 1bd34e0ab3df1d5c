package dev.weft.source.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Passes bytes between a client and a server until the server ends, one of them is gone, or neither
 * sends anything for ten minutes, which is longer than anyone waits.
 */
final class Relay {
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final int PIECE = 64 << 10;
    private static final Pattern INTERIM = Pattern.compile("HTTP/1\\.1 1\\d\\d ");

    private final Socket client;
    private final InputStream fromClient;
    private final Socket server;
    private final AtomicLong moved = new AtomicLong();

    /**
     * @param fromClient the client's bytes; some may have been read ahead
     */
    Relay(Socket client, InputStream fromClient, Socket server) {
        this.client = client;
        this.fromClient = fromClient;
        this.server = server;
    }

    /** Sends the greeting to the client, then passes all bytes on in both directions. */
    void tunnel(byte[] greeting) throws IOException {
        try (client;
                server) {
            client.getOutputStream().write(greeting);
            begin(Long.MAX_VALUE);
            copy(server.getInputStream(), client.getOutputStream(), Long.MAX_VALUE);
        }
    }

    /**
     * Passes on one request and its answer, which the server ends by closing. The client is told
     * that it is the last one: a server need not say so.
     *
     * @param body number of bytes from the client after the head; further ones are not passed on
     */
    void exchange(byte[] head, long body) throws IOException {
        try (client;
                server) {
            server.getOutputStream().write(head);
            begin(body);
            InputStream answer = new BufferedInputStream(server.getInputStream());
            OutputStream out = client.getOutputStream();
            HttpHead first = HttpHead.read(answer);
            while (INTERIM.matcher(first.line()).lookingAt()) {
                first = HttpHead.read(answer);
            }
            out.write(first.sentOn(first.line()));
            copy(answer, out, Long.MAX_VALUE);
        }
    }

    private void begin(long bytes) throws IOException {
        client.setSoTimeout((int) IDLE.toMillis());
        server.setSoTimeout((int) IDLE.toMillis());
        Thread.ofVirtual().name("weft-source-relay").start(() -> send(bytes));
    }

    /**
     * Sends until the client ends, or the server takes no more; the server may then still answer,
     * e.g. with a refusal.
     */
    private void send(long bytes) {
        try {
            if (copy(fromClient, server.getOutputStream(), bytes) == bytes) {
                return;
            }
        } catch (IOException _) {
            // one side is gone, which the other direction sees too
        }
        try {
            server.shutdownOutput();
        } catch (IOException _) {
            // it was shut already
        }
    }

    /** Returns how much was copied: fewer than all if there was no more. */
    private long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] piece = new byte[PIECE];
        long copied = 0;
        long before = moved.get();
        while (copied < most) {
            try {
                int count = in.read(piece, 0, (int) Math.min(piece.length, most - copied));
                if (count < 0) {
                    return copied;
                }
                out.write(piece, 0, count);
                copied += count;
                before = moved.addAndGet(count);
            } catch (SocketTimeoutException e) {
                // this direction is quiet; the other one may not be
                if (moved.get() == before) {
                    throw e;
                }
                before = moved.get();
            }
        }
        return copied;
    }
}
