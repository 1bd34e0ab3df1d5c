package dev.weft.gateway.discovery;

import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.worker.ListedWorker;
import java.net.URI;
import java.util.List;

/** The workers that the deployment file names. */
record FixedWorkers(List<URI> addresses) implements WorkerSource {
    FixedWorkers {
        addresses = List.copyOf(addresses);
    }

    @Override
    public SourceName name() {
        return SourceName.FIXED;
    }

    @Override
    public void start(SourceListener listener) {
        listener.found(
                addresses.stream().map(address -> new ListedWorker(address, false)).toList(),
                List.of());
    }

    @Override
    public void close() {}
}
