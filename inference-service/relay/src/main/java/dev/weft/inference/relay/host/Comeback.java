package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back adapters that a server has forgotten. A server that fails can't be used. If it is
 * well and only an adapter fails again and again, the server is used without that adapter. Used by
 * the thread that looks at the server; any thread may say that an adapter is gone.
 */
final class Comeback {
    private static final Logger LOG = LoggerFactory.getLogger(Comeback.class);
    private static final Duration CALL = Duration.ofSeconds(5);

    /** Failures in a row, two a second, after which the adapter is to blame and not the server. */
    static final int TRIES = 10;

    private final ServerCalls calls;
    private final String wellPath;
    private final Doubts doubts;
    private final Consumer<AdapterDigest> settle;

    /** How many times in a row an adapter has failed at a server that is well. */
    private final Map<RelayName, Integer> failures = new ConcurrentHashMap<>();

    /**
     * @param wellPath path at which a server that is well answers soon
     * @param settle returns when the server applies an adapter; its {@link EngineException} says
     *     why it doesn't
     */
    Comeback(ServerCalls calls, String wellPath, Doubts doubts, Consumer<AdapterDigest> settle) {
        this.calls = calls;
        this.wellPath = wellPath;
        this.doubts = doubts;
        this.settle = settle;
    }

    /** Forgets the failures of an adapter that is gone. */
    void drop(RelayName name) {
        failures.remove(name);
    }

    /**
     * Loads adapters again; returns why the server can't be used, or empty if it can.
     *
     * @param goesOn hears before each adapter: many take minutes
     */
    Optional<String> bring(List<RelayName> names, Runnable goesOn) throws InterruptedException {
        Optional<String> trouble = Optional.empty();
        for (RelayName name : names) {
            goesOn.run();
            String digest = name.digest().abbreviated();
            try {
                settle.accept(name.digest());
                failures.remove(name);
                LOG.info("adapter {} is back at the server", digest);
            } catch (EngineException e) {
                String why = "adapter " + digest + " is not back: " + e.getMessage();
                if (e.reason() != EngineException.Cause.INVALID_ADAPTER) {
                    if (!serverIsWell()) {
                        failures.clear();
                        return Optional.of(why);
                    }
                    if (failures.merge(name, 1, Integer::sum) < TRIES) {
                        trouble = Optional.of(why);
                        continue;
                    }
                    doubts.refuse(name, why);
                }
                // the adapter's own requests fail; others go on
                LOG.error("adapter {} does not come back: {}", digest, e.getMessage());
            }
        }
        return trouble;
    }

    private boolean serverIsWell() throws InterruptedException {
        try {
            return calls.get(wellPath, CALL).ok();
        } catch (IOException e) {
            LOG.debug("the server does not answer", e);
            return false;
        }
    }
}
