package dev.weft.inference.server.state;

import dev.weft.protocol.worker.WorkerLoad;

/** Says how busy the worker is. One thread asks, a few times a second. */
@FunctionalInterface
public interface LoadSource {
    WorkerLoad load();
}
