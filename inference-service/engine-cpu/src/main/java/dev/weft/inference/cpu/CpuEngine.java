package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.quantised.Quantisation;
import dev.weft.inference.cpu.batch.BatchLoop;
import dev.weft.inference.cpu.batch.StepCounters;
import dev.weft.inference.cpu.batch.StepMeter;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.lora.AdaptedBase;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.lora.OwnBase;
import dev.weft.inference.cpu.model.weights.Merge;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.MachineMemory;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.RequestCheck;
import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.engine.statistics.KvStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded engine. */
public final class CpuEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(CpuEngine.class);

    /** A copy of the weights is made only if this multiple of its size is free memory. */
    private static final int MEMORY_RESERVE = 2;

    private static final long MERGE_MINUTES = 10;

    private final EngineDescription description;
    private final AdaptedBase base;
    private final AdapterShelf<LoraSlot> adapters;
    private final KvCache cache;
    private final BatchLoop loop;
    private final StepMeter meter;

    CpuEngine(
            EngineDescription description,
            AdaptedBase base,
            AdapterShelf<LoraSlot> adapters,
            KvCache cache,
            BatchLoop loop,
            StepMeter meter) {
        this.description = description;
        this.base = base;
        this.adapters = adapters;
        this.cache = cache;
        this.loop = loop;
        this.meter = meter;
    }

    /**
     * Loads a checkpoint, tests the kernels and the model, and starts the batch loop.
     *
     * @param progress gets lines for a person who waits
     * @throws dev.weft.format.checkpoint.CheckpointException if the checkpoint is not served
     * @throws IllegalStateException if a kernel or the model fails its self-test, or the process
     *     uses another instruction set already
     * @throws IOException if a file can't be read
     */
    public static CpuEngine open(
            Path checkpointFolder, CpuEngineSettings settings, Consumer<String> progress)
            throws IOException {
        return EngineAssembly.open(checkpointFolder, settings, progress);
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public EngineStatistics statistics() {
        StepCounters counters = loop.counters();
        return new EngineStatistics(
                counters.running(),
                counters.waiting(),
                adapters.statistics(),
                kv(counters),
                counters.steps(),
                new EngineStatistics.Tokens(
                        counters.promptTokens(),
                        counters.generatedTokens(),
                        counters.prefixQueried(),
                        counters.prefixHit()),
                Optional.of(
                        new BatchStatistics(
                                counters.mixedSteps(),
                                counters.prefillTokens(),
                                counters.decodeTokens(),
                                new BatchStatistics.Yielded(
                                        counters.evictedBlocks(), counters.preemptions()),
                                loop.masks(),
                                new BatchStatistics.Drafts(
                                        counters.drafts(),
                                        counters.draftedTokens(),
                                        counters.acceptedTokens()),
                                meter.measured())));
    }

    private KvStatistics kv(StepCounters counters) {
        long used = counters.kvUsed();
        long cached = counters.kvCached();
        long free = Math.max(0, cache.capacity() - used - cached);
        return new KvStatistics(
                Attention.BLOCK,
                used / Attention.BLOCK,
                OptionalLong.of(cached / Attention.BLOCK),
                free / Attention.BLOCK);
    }

    @Override
    public int pending() {
        return loop.pending();
    }

    @Override
    public long steps() {
        return loop.counters().steps();
    }

    @Override
    public AdapterSizes adapterSizes() {
        return adapters.memory();
    }

    @Override
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        DecoderShape shape = description.model().shape();
        LoraSlot.check(adapter, shape, description.maxRank());
        adapters.load(
                digest, () -> pack(digest, OwnBase.over(adapter, base, shape.around().tied())));
    }

    private LoraSlot pack(AdapterDigest digest, LoraAdapter adapter) {
        checkMemory(digest, adapter);
        return new LoraSlot(digest, description.model().shape(), adapter, base);
    }

    /**
     * Refuses an adapter if memory is short for its own embedding, head, norms and changes of
     * experts, which may be larger than all else that an engine holds.
     */
    private static void checkMemory(AdapterDigest digest, LoraAdapter adapter) {
        long needed =
                Stream.concat(
                                adapter.around().tensors().stream(),
                                adapter.task().tensors().stream())
                        .mapToLong(tensor -> tensor.data().byteSize())
                        .sum();
        long free = MachineMemory.free();
        if (needed > 0 && free < MEMORY_RESERVE * needed) {
            throw new EngineException(
                    EngineException.Cause.FAILED,
                    "adapter %s has an embedding, a head, norms or experts of its own, which take %d MiB; %d MiB are free, and twice as much is needed"
                            .formatted(digest.abbreviated(), needed >> 20, free >> 20));
        }
    }

    @Override
    public boolean reload(AdapterDigest digest) {
        return adapters.reload(digest);
    }

    @Override
    public List<AdapterDigest> cached() {
        return adapters.cached();
    }

    @Override
    public void unload(AdapterDigest digest) {
        adapters.unload(digest);
    }

    @Override
    public boolean merge(AdapterDigest digest) {
        if (description.model().quantisation() instanceof Quantisation.Grouped) {
            LOG.info(
                    "adapter {} is not merged: the base's weights stay in 4 bits, its own in bf16",
                    digest.abbreviated());
            return false;
        }
        LoraSlot slot = adapters.retain(digest);
        if (!slot.folds()) {
            adapters.release(slot);
            LOG.info(
                    "adapter {} is not merged: it changes more than weights of linear layers",
                    digest.abbreviated());
            return false;
        }
        long needed = Merge.bytes(description.model().shape(), slot);
        long free = MachineMemory.free();
        if (free < MEMORY_RESERVE * needed) {
            adapters.release(slot);
            LOG.info(
                    "adapter {} is not merged: a copy of the layers it changes takes {} MiB, {} MiB"
                            + " are free",
                    digest.abbreviated(),
                    needed >> 20,
                    free >> 20);
            return false;
        }
        try {
            loop.fold(slot).get(MERGE_MINUTES, TimeUnit.MINUTES);
            return true;
        } catch (InterruptedException e) {
            loop.unfold();
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            loop.unfold();
            throw new EngineException(
                    EngineException.Cause.FAILED, "adapter " + digest + " could not be merged", e);
        }
    }

    @Override
    public void unmerge() {
        loop.unfold();
    }

    @Override
    public Generation start(GenerationRequest request, GenerationListener listener) {
        check(request);
        AdapterDigest adapter = request.adapter();
        @Nullable LoraSlot slot = adapter == null ? null : adapters.retain(adapter);
        try {
            checkTask(request, slot);
            return loop.start(request, listener, slot);
        } catch (RuntimeException | Error e) {
            if (slot != null) {
                adapters.release(slot);
            }
            throw e;
        }
    }

    /**
     * Refuses a request for an output that its adapter was not trained for: a classifier gives
     * labels and no other vectors, and nothing else gives labels.
     */
    private static void checkTask(GenerationRequest request, @Nullable LoraSlot slot) {
        PooledOutput pooled = request.pooled();
        boolean hasLabels = slot != null && slot.labels() != null;
        if (pooled == null && slot != null && !slot.generates()) {
            throw EngineException.invalidRequest(
                    "adapter " + slot.digest() + " was not trained to make text");
        }
        if (pooled != null && hasLabels != (pooled == PooledOutput.LABELS)) {
            throw EngineException.invalidRequest(
                    (hasLabels
                                    ? "an adapter with a head of labels can't give "
                                    : "a model without a head of labels can't give ")
                            + pooled);
        }
    }

    private void check(GenerationRequest request) {
        int vocabulary = description.model().vocabulary().size();
        int answer = request.pooled() == null ? 1 : 0;
        RequestCheck.length(request, description.contextLength() - answer);
        RequestCheck.tokens(request, vocabulary);
        RequestCheck.topLogProbabilities(request, vocabulary);
    }

    @Override
    public void close() {
        loop.close();
    }
}
