package dev.weft.inference.relay.host;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a server of adapters, and has it prove them. Loads are told one at a time. Any thread. */
final class ToldAdapters {
    private static final Logger LOG = LoggerFactory.getLogger(ToldAdapters.class);
    private static final Duration LOAD = Duration.ofMinutes(2);

    private final RelayHost.Parts parts;
    private final Canary canary;

    /** One load or comparison at a time. */
    private final ReentrantLock loads = new ReentrantLock(true);

    ToldAdapters(RelayHost.Parts parts) {
        this.parts = parts;
        this.canary = new Canary(parts.calls(), parts.dialect(), parts.base());
    }

    /** How requests name an adapter, or the base (null). */
    RelayTarget target(@Nullable RelayName adapter) {
        if (adapter == null) {
            return new RelayTarget(parts.base(), Map.of());
        }
        return new RelayTarget(
                parts.dialect().model(adapter, parts.base()),
                parts.dialect().fields(adapter, parts.folder().path(adapter)));
    }

    /** Asks the base for its answers; call it while the server has no adapters. */
    void learn() throws IOException, InterruptedException {
        canary.learn();
    }

    /** Keeps loads out until {@link #letLoads}; false if one is under way. */
    boolean keepLoadsOut() {
        return loads.tryLock();
    }

    void letLoads() {
        loads.unlock();
    }

    /**
     * Has the server load an adapter, and prove it. An adapter that the server doesn't apply is
     * unloaded again. If the proof has no result, the adapter stays, since requests may use it.
     * Other adapters may be loaded during the proof.
     *
     * @param patience longest time for the server to forget an adapter that it doesn't apply
     */
    void bring(RelayName name, Duration patience) throws IOException, InterruptedException {
        if (!loads.tryLock(LOAD.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failed("other loads have taken " + LOAD.toSeconds() + " s", null);
        }
        try {
            tell(name);
        } finally {
            loads.unlock();
        }
        try {
            canary.prove(name, target(name));
        } catch (EngineException e) {
            if (e.reason() == EngineException.Cause.INVALID_ADAPTER) {
                untell(name, patience);
            }
            throw e;
        }
    }

    private void tell(RelayName name) throws IOException, InterruptedException {
        Dialect dialect = parts.dialect();
        Optional<AdapterCall> call = dialect.load(name, parts.folder().path(name));
        if (call.isEmpty()) {
            return;
        }
        ServerReply reply = parts.calls().post(call.get(), LOAD);
        if (dialect.wantsUnloadFirst(reply) && untell(name, LOAD)) {
            reply = parts.calls().post(call.get(), LOAD);
        }
        if (reply.ok() || dialect.isLoadedAlready(reply)) {
            return;
        }
        String why = call.get().path() + " answers " + reply.quoted();
        throw dialect.isRefused(reply)
                ? EngineException.invalidAdapter("the server refuses it: " + why)
                : failed(why, null);
    }

    /** Takes an adapter away from the server; false if the server may still know it. */
    boolean untell(RelayName name, Duration deadline) {
        Optional<AdapterCall> call = parts.dialect().unload(name);
        if (call.isEmpty()) {
            return true;
        }
        if (deadline.isZero()) {
            return false;
        }
        try {
            ServerReply reply = parts.calls().post(call.get(), deadline);
            if (reply.ok() || parts.dialect().isUnknown(reply)) {
                return true;
            }
            LOG.warn("adapter {} stays at the server: {}", name, reply.quoted());
        } catch (IOException e) {
            LOG.info("adapter {} can't be unloaded: {}", name, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** A failure of the server. */
    EngineException failed(String why, @Nullable Exception cause) {
        String text = "the server at " + parts.calls().address() + ": " + why;
        return cause == null
                ? new EngineException(EngineException.Cause.FAILED, text)
                : new EngineException(EngineException.Cause.FAILED, text, cause);
    }
}
