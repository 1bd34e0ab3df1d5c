package dev.weft.gateway.forward;

import dev.weft.gateway.worker.WorkerWatcher;
import java.net.InetSocketAddress;
import java.net.URI;
import reactor.netty.http.client.HttpClient;

/**
 * Closes the connections to workers that the gateway forgets. Reactor Netty has a pool for each
 * address, and looks at none that nobody asks for connections.
 */
record ForgottenWorkers(HttpClient client) implements WorkerWatcher {
    @Override
    public void joined(URI worker) {}

    @Override
    public void left(URI worker) {
        int port = worker.getPort();
        if (port < 0) {
            port = "https".equals(worker.getScheme()) ? 443 : 80;
        }
        client.configuration()
                .connectionProvider()
                .disposeWhen(InetSocketAddress.createUnresolved(worker.getHost(), port));
    }
}
