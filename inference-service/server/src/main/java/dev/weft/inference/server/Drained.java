package dev.weft.inference.server;

import dev.weft.service.Draining;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for running requests when the worker ends. */
final class Drained {
    private static final Logger LOG = LoggerFactory.getLogger(Drained.class);

    private Drained() {}

    static void wait(IntSupplier requests, Duration limit) {
        int left = new Draining(requests).await(limit);
        if (left > 0) {
            LOG.warn("{} requests have not finished in {}", left, limit);
        }
    }
}
