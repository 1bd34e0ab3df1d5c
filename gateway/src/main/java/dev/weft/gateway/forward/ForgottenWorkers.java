package dev.weft.gateway.forward;

import dev.weft.gateway.worker.WorkerWatcher;
import java.net.URI;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.AddressUtils;

/**
 * Closes the connections to workers that the gateway forgets. Reactor Netty has a pool for each
 * address, and looks at none that nobody asks for connections. The address of a pool is made as
 * Reactor Netty makes it: an IPv6 address has one spelling there, and no brackets.
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
                .disposeWhen(AddressUtils.createUnresolved(worker.getHost(), port));
    }
}
