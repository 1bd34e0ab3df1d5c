package dev.weft.access.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port on loopback for a program that has to be told one, or that comes back at the same one. It
 * is none of those that connections and servers at port 0 get, of which one could have it while the
 * program is away.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int BEYOND = 32_000;
    private static final int MOST_TRIES = 100;

    private FreePort() {}

    /** A port at which nothing listens now. */
    public static int find() {
        for (int i = 0; ; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                if (i == MOST_TRIES) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
