package dev.weft.inference.server.residency;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineException;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.error.ApiException;
import dev.weft.model.error.ErrorCode;
import dev.weft.model.lora.LoraAdapter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases adapters: fetches, loads and evicts as {@link AdapterSlots} decides. Fetches and loads run
 * on virtual threads, different adapters side by side.
 */
public final class AdapterResidency implements AdapterLeases {
    private static final Logger LOG = LoggerFactory.getLogger(AdapterResidency.class);

    private static final Duration SLOT_WAIT = Duration.ofSeconds(10);
    private static final Duration SLOT_POLL = Duration.ofMillis(2);

    private final Engine engine;
    private final ArtifactStore store;
    private final AdapterSlots slots;

    public AdapterResidency(Engine engine, ArtifactStore store) {
        this.engine = engine;
        this.store = store;
        this.slots = new AdapterSlots(engine.description().slots(), new EngineWork());
    }

    @Override
    public AdapterLease lease(AdapterDigest digest, Deadline deadline) throws InterruptedException {
        AdapterSlots.Ticket ticket = slots.request(digest);
        try {
            ticket.granted().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
            return () -> slots.close(ticket);
        } catch (InterruptedException e) {
            slots.close(ticket);
            throw e;
        } catch (TimeoutException e) {
            String progress = slots.progress(ticket);
            slots.close(ticket);
            throw new ApiException(
                    ErrorCode.ADAPTER_LOADING,
                    "adapter " + digest + " is not ready yet: " + progress,
                    e);
        } catch (ExecutionException e) {
            slots.close(ticket);
            throw e.getCause() instanceof ApiException api ? api : unavailable(digest, e);
        }
    }

    /** Adapters in engine slots, the least recently used first. */
    public List<AdapterDigest> resident() {
        return slots.resident();
    }

    /** Adapters that requests wait for. */
    public List<AdapterDigest> awaited() {
        return slots.awaited();
    }

    private static ApiException unavailable(AdapterDigest digest, Exception e) {
        return new ApiException(
                ErrorCode.ADAPTER_UNAVAILABLE,
                "adapter " + digest + " can't be served: " + e.getMessage(),
                e);
    }

    /** Does what the slots decide. */
    private final class EngineWork implements AdapterSlots.Work {
        @Override
        public void fetch(AdapterDigest digest) {
            // never on this thread: it holds the slots' lock
            Thread.ofVirtual().name("await-" + digest.abbreviated()).start(() -> await(digest));
        }

        private void await(AdapterDigest digest) {
            try {
                store.fetch(digest).join();
            } catch (CompletionException e) {
                failed(digest, ArtifactStore.failure(digest, e));
                return;
            }
            slots.fetched(digest);
        }

        @Override
        public void evict(AdapterDigest digest) {
            engine.unload(digest);
            LOG.info("adapter {} evicted", digest.abbreviated());
        }

        @Override
        public void load(AdapterDigest digest) {
            Thread.ofVirtual().name("load-" + digest.abbreviated()).start(() -> loadNow(digest));
        }

        private void loadNow(AdapterDigest digest) {
            long begin = System.nanoTime();
            try (LoraAdapter adapter = store.open(digest)) {
                loadIntoFreedSlot(digest, adapter);
            } catch (EngineException e) {
                failed(digest, unavailable(digest, e));
                return;
            } catch (RuntimeException e) {
                failed(digest, e);
                return;
            }
            LOG.info(
                    "adapter {} loaded in {} ms",
                    digest.abbreviated(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            slots.loaded(digest);
        }

        /**
         * An engine frees an unloaded adapter's slot when the last generation has left it, which
         * may be a moment after that generation's listener has heard of its end.
         */
        private void loadIntoFreedSlot(AdapterDigest digest, LoraAdapter adapter) {
            long deadline = System.nanoTime() + SLOT_WAIT.toNanos();
            while (true) {
                try {
                    engine.load(digest, adapter);
                    return;
                } catch (EngineException e) {
                    if (e.reason() != EngineException.Cause.NO_SLOT
                            || System.nanoTime() > deadline) {
                        throw e;
                    }
                    LockSupport.parkNanos(SLOT_POLL.toNanos());
                }
            }
        }

        private void failed(AdapterDigest digest, RuntimeException why) {
            LOG.warn("adapter {}: {}", digest, why.getMessage());
            slots.failed(digest, why);
        }
    }
}
