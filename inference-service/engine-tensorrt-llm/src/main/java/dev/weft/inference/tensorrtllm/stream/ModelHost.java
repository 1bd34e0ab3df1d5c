package dev.weft.inference.tensorrtllm.stream;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.triton.InferenceCall;
import dev.weft.inference.tensorrtllm.triton.InferenceInputs;
import dev.weft.inference.tensorrtllm.triton.ResponseReceiver;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model of a Triton server. If it has gone (it was unloaded, or its backend gave up), the first
 * request that notices has it loaded again, and requests that come meanwhile wait for that. Any
 * thread.
 */
public final class ModelHost {
    private static final Logger LOG = LoggerFactory.getLogger(ModelHost.class);

    private final TritonServer server;
    private final String model;
    private final Runnable reloaded;
    private @Nullable List<Waiting> waiting;

    /** Times that the model was loaded again, failed attempts included. */
    private long loads;

    /** A request that waits for the model to be loaded again, or for that to fail. */
    public interface Waiting {
        void onModel();

        void onNoModel(EngineException reason);
    }

    /**
     * A host of a model that is loaded.
     *
     * @param reloaded run after the model was loaded again, before any request is handed to it
     */
    public ModelHost(TritonServer server, String model, Runnable reloaded) {
        this.server = server;
        this.model = model;
        this.reloaded = reloaded;
    }

    /** Sends a request, as {@link TritonServer#infer} does. */
    public InferenceCall infer(InferenceInputs inputs, ResponseReceiver receiver) {
        return server.infer(model, inputs, receiver);
    }

    /** How often the model was loaded again so far, failed attempts included. */
    public synchronized long loads() {
        return loads;
    }

    /**
     * True if a refusal means that the model is not loaded, or was not when the request was sent:
     * another request may have had it loaded since.
     *
     * @param before {@link #loads()} before the request was sent
     */
    public boolean isGone(TritonException refusal, long before) {
        return switch (refusal.code()) {
            case NOT_FOUND, UNAVAILABLE, INVALID_ARG, INTERNAL ->
                    !server.isClosed() && (!server.isReady(model) || isLoadedSince(before));
            case UNKNOWN, UNSUPPORTED, ALREADY_EXISTS, CANCELLED -> false;
        };
    }

    private synchronized boolean isLoadedSince(long before) {
        return waiting != null || loads != before;
    }

    /**
     * Has the model loaded again, once for all requests that wait, and tells the outcome on a
     * thread of its own.
     */
    public void await(Waiting one) {
        synchronized (this) {
            if (waiting != null) {
                waiting.add(one);
                return;
            }
            waiting = new ArrayList<>(List.of(one));
        }
        Thread.ofPlatform().daemon().name("weft-tensorrt-llm-load").start(this::loadAgain);
    }

    private void loadAgain() {
        EngineException failure = null;
        boolean away = true;
        try {
            away = !server.isReady(model);
            if (away) {
                LOG.warn("the model {} has gone; it is loaded again", model);
                server.load(model);
                reloaded.run();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the model {} could not be loaded again", model, e);
            failure =
                    new EngineException(
                            EngineException.Cause.FAILED,
                            "the model " + model + " could not be loaded again: " + e.getMessage(),
                            e);
        }
        List<Waiting> all;
        synchronized (this) {
            all = waiting == null ? List.of() : waiting;
            waiting = null;
            loads += away ? 1 : 0;
        }
        for (Waiting one : all) {
            try {
                if (failure == null) {
                    one.onModel();
                } else {
                    one.onNoModel(failure);
                }
            } catch (RuntimeException | Error e) {
                LOG.error("a request that waited for the model {} failed", model, e);
            }
        }
    }
}
