package dev.weft.inference.tensorrtllm.stream;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.fair.Backlog;
import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import dev.weft.inference.tensorrtllm.adapter.SentAdapter;
import dev.weft.inference.tensorrtllm.adapter.TaskIds;
import dev.weft.inference.tensorrtllm.triton.TritonServer;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A model with the adapters and the generations that it has at the moment. Any thread. */
public final class RunningModel<W extends AdapterData> implements AutoCloseable {
    private final Contract<W> contract;
    private final AdapterShelf<SentAdapter<W>> shelf;
    private final TaskIds taskIds = new TaskIds();
    private final Events events = new Events();
    private final Counters counters = new Counters();
    private final Set<RunningGeneration<W>> running = ConcurrentHashMap.newKeySet();
    private final GenerationContext<W> context;
    private final Backlog backlog;
    private volatile boolean closed;

    /**
     * Capacity of a served model.
     *
     * @param maxQueue requests that may wait for a row
     */
    public record Capacity(ShelfSize adapters, int maxQueue) {}

    public RunningModel(
            TritonServer server, String model, Contract<W> contract, Capacity capacity) {
        this.contract = contract;
        this.shelf = new AdapterShelf<>(capacity.adapters());
        this.backlog = new Backlog(contract.maxRows(), capacity.maxQueue());
        this.context =
                new GenerationContext<>(
                        new ModelHost(server, model, this::forgetSent),
                        events,
                        shelf,
                        counters,
                        new GenerationGate(
                                contract.maxRows(),
                                contract.contextLength(),
                                backlog,
                                events::post),
                        this::ended);
    }

    public Contract<W> contract() {
        return contract;
    }

    public Counters counters() {
        return counters;
    }

    /** Requests that have not ended. */
    public int requests() {
        return running.size();
    }

    public AdapterStatistics adapters() {
        return shelf.statistics();
    }

    public AdapterSizes adapterSizes() {
        return shelf.memory();
    }

    public void load(AdapterDigest digest, LoraAdapter adapter) {
        shelf.load(digest, () -> sent(digest, contract.convert(adapter)));
    }

    private SentAdapter<W> sent(AdapterDigest digest, W data) {
        return new SentAdapter<>(digest, taskIds.of(digest), data);
    }

    /** A model that was loaded again knows no adapters. */
    private void forgetSent() {
        shelf.forEach(adapter -> adapter.sent(false));
    }

    public boolean reload(AdapterDigest digest) {
        return shelf.reload(digest);
    }

    public void unload(AdapterDigest digest) {
        shelf.unload(digest);
    }

    /** Starts a generation, as {@code Engine.start} does. */
    public Generation start(GenerationRequest request, GenerationListener listener) {
        contract.check(request);
        AdapterDigest digest = request.adapter();
        @Nullable SentAdapter<W> adapter = digest == null ? null : shelf.retain(digest);
        try {
            backlog.enter(request.owner().tenant());
        } catch (EngineException e) {
            if (adapter != null) {
                shelf.release(adapter);
            }
            throw e;
        }
        RunningGeneration<W> generation = contract.generation(context, request, listener, adapter);
        running.add(generation);
        if (closed) {
            ended(generation);
            if (adapter != null) {
                shelf.release(adapter);
            }
            throw EngineException.closed();
        }
        generation.start();
        return generation;
    }

    private void ended(RunningGeneration<W> generation) {
        if (running.remove(generation)) {
            backlog.leave(generation.tenant());
        }
    }

    /** Ends every generation with an error; their requests leave Triton soon after. */
    @Override
    public void close() {
        closed = true;
        running.forEach(generation -> generation.fail(EngineException.closed()));
        events.close();
        shelf.close();
    }
}
