package dev.weft.system.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of services that go and come back at the same one. */
public final class Ports {
    private static final int FIRST = 20_000;

    /** From here on systems give ports to connections, which may take one while it is free. */
    private static final int END = 32_000;

    private static final int MOST_TRIES = 100;

    private Ports() {}

    /** A port at which nothing listens now. */
    public static int free() throws IOException {
        for (int i = 0; ; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                if (i == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }
}
