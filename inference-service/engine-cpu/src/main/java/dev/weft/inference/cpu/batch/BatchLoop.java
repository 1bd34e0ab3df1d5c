package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.batch.choice.MaskThreads;
import dev.weft.inference.cpu.batch.choice.MaskedRows;
import dev.weft.inference.cpu.batch.draft.DraftModel;
import dev.weft.inference.cpu.batch.schedule.BatchLimits;
import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowAdmission;
import dev.weft.inference.cpu.batch.schedule.Scheduler;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.fair.Backlog;
import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.engine.statistics.BatchStatistics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the owner thread, which takes new requests, runs steps while there is work, and sleeps while
 * there is none. Everything a step needs belongs to this thread and its team; other threads only
 * enqueue rows and set their cancel flag.
 */
public final class BatchLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchLoop.class);
    private static final long CLOSE_MILLIS = 3_000;

    /** How often the loop looks for overdue masks while no step runs. */
    private static final Duration LONGEST_CALM = Duration.ofMillis(100);

    private final Team team;
    private final Decoder decoder;
    private final KvCache cache;
    private final @Nullable DraftModel drafts;
    private final AdapterShelf<LoraSlot> adapters;
    private final Scheduler scheduler;
    private final RowAdmission admission;
    private final Folding folding;
    private final StepCounters counters = new StepCounters();
    private final StepMeter meter;
    private final MaskedRows masked;
    private final StepRunner steps;
    private final Inbox<Wake> inbox = new Inbox<>();
    private final Backlog backlog;
    private final Thread owner;
    private volatile boolean closed;

    /** Whether no row can take part in a step before its mask is ready. */
    private boolean becalmed;

    /** A command that wakes the loop. */
    private sealed interface Wake {
        record Start(Row row) implements Wake {}

        record Fold(LoraSlot slot, CompletableFuture<Void> done) implements Wake {}

        record Unfold() implements Wake {}

        record Look() implements Wake {}
    }

    /**
     * The models, and what they compute with.
     *
     * @param drafts a smaller model that drafts; null for none
     */
    public record Models(Team team, Decoder decoder, KvCache cache, @Nullable DraftModel drafts) {}

    /** Starts the owner thread; from here on the loop owns the models and the adapters. */
    public BatchLoop(
            Models models,
            AdapterShelf<LoraSlot> adapters,
            BatchLimits limits,
            int vocabulary,
            StepMeter meter) {
        this.team = models.team;
        this.decoder = models.decoder;
        this.cache = models.cache;
        this.drafts = models.drafts;
        this.adapters = adapters;
        this.meter = meter;
        this.backlog = new Backlog(limits.maxRows(), limits.maxQueue());
        this.scheduler = new Scheduler(limits, drafts);
        this.admission = scheduler.admission();
        this.folding = new Folding(decoder, adapters, cache);
        this.masked =
                new MaskedRows(
                        new MaskThreads(
                                vocabulary,
                                limits.longestMask(),
                                () -> inbox.add(new Wake.Look())));
        this.steps =
                new StepRunner(
                        new StepRunner.ModelParts(team, decoder, cache, vocabulary),
                        scheduler,
                        limits.contextLength(),
                        counters,
                        meter,
                        masked,
                        new RowOutcomes());
        this.owner = Thread.ofPlatform().name("weft-engine-0").daemon().unstarted(this::serve);
        owner.start();
    }

    public StepCounters counters() {
        return counters;
    }

    /** Counts and times of masks so far. Any thread. */
    public BatchStatistics.Masks masks() {
        return masked.statistics();
    }

    /** Requests that were queued and have not ended. Any thread. */
    public int pending() {
        return backlog.requests();
    }

    /**
     * Queues a request; the slot is released when it ends. Any thread.
     *
     * @throws EngineException if it is not queued; the slot is still the caller's
     */
    public Generation start(
            GenerationRequest request, GenerationListener listener, @Nullable LoraSlot slot) {
        if (closed) {
            throw EngineException.closed();
        }
        String tenant = request.owner().tenant();
        backlog.enter(tenant);
        boolean queued = false;
        try {
            Row row =
                    new Row(
                            request,
                            listener,
                            slot,
                            cache.sequence(
                                    request.owner().prefixes(),
                                    request.adapter(),
                                    slot == null ? 0 : slot.activeFrom(request.prompt())));
            queued = inbox.add(new Wake.Start(row));
            if (!queued) {
                throw EngineException.closed();
            }
            return () -> {
                row.cancel();
                inbox.add(new Wake.Look());
            };
        } finally {
            if (!queued) {
                backlog.leave(tenant);
            }
        }
    }

    /**
     * Folds an adapter into a copy of the base's weights, between steps. Any thread.
     *
     * @param slot retained; released when it is unfolded or that fails
     * @return completes when all layers are folded, exceptionally if that failed or was given up
     */
    public CompletableFuture<Void> fold(LoraSlot slot) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!inbox.add(new Wake.Fold(slot, done))) {
            adapters.release(slot);
            done.completeExceptionally(EngineException.closed());
        }
        return done;
    }

    /** Drops the folded weights. Any thread. */
    public void unfold() {
        inbox.add(new Wake.Unfold());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        inbox.add(new Wake.Look());
        try {
            owner.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (owner.isAlive()) {
            // Freeing memory under a running step would crash the process.
            LOG.warn(
                    "the engine's step did not end within {} ms; its memory is kept", CLOSE_MILLIS);
            return;
        }
        masked.close();
        team.close();
        decoder.close();
        cache.close();
        if (drafts != null) {
            drafts.close();
        }
        adapters.close();
    }

    private void serve() {
        while (!closed) {
            try {
                takeCommands();
                endCancelled();
                endExcess();
                steps.takeMasked(0);
                becalmed =
                        !closed && !scheduler.isIdle() && (scheduler.isBecalmed() || !steps.run());
                folding.next();
            } catch (InterruptedException e) {
                closed = true;
            } catch (RuntimeException | Error e) {
                LOG.error("a step failed; the requests that run end with an error", e);
                // If no request runs, the step failed before it could begin with the waiting ones.
                boolean begun = !admission.running().isEmpty();
                end(
                        row -> !begun || admission.running().contains(row),
                        new EngineException(
                                EngineException.Cause.FAILED, "the engine's step failed", e));
            }
            counters.queues(
                    admission.running().size(), admission.waiting(), scheduler.preemptions());
            counters.cache(cache.used(), cache.cached(), cache.evicted());
        }
        inbox.end();
        try {
            drain();
            folding.end();
        } finally {
            end(_ -> true, EngineException.closed());
        }
    }

    /** Takes commands; waits for one if nothing runs. */
    private void takeCommands() throws InterruptedException {
        if ((scheduler.isIdle() || becalmed) && !folding.busy()) {
            meter.asleep();
            Wake wake = becalmed ? inbox.poll(LONGEST_CALM) : inbox.take();
            meter.awake();
            if (wake != null) {
                handle(wake);
            }
        }
        drain();
    }

    private void drain() {
        for (Wake wake = inbox.poll(); wake != null; wake = inbox.poll()) {
            handle(wake);
        }
    }

    private void handle(Wake wake) {
        switch (wake) {
            case Wake.Start(Row row) -> admission.enqueue(row);
            case Wake.Fold(LoraSlot slot, CompletableFuture<Void> done) ->
                    folding.begin(slot, done);
            case Wake.Unfold() -> folding.end();
            case Wake.Look() -> {}
        }
    }

    private void endCancelled() {
        admission.remove(Row::cancelled).forEach(row -> finish(row, FinishReason.CANCELLED));
    }

    private void finish(Row row, FinishReason reason) {
        released(row);
        row.finish(reason);
    }

    /**
     * Ends the requests beyond the limit for all tenants. Several tenants together can exceed it
     * although none does alone.
     */
    private void endExcess() {
        for (Row row : admission.removeBeyond(backlog.most())) {
            fail(row, backlog.overShare());
        }
    }

    private void fail(Row row, EngineException error) {
        released(row);
        row.fail(error);
    }

    private void released(Row row) {
        backlog.leave(row.tenant());
        LoraSlot slot = row.slot();
        if (slot != null) {
            adapters.release(slot);
        }
    }

    /** Ends the rows of a step. */
    private final class RowOutcomes implements StepRunner.RowOutcomes {
        @Override
        public void finished(Row row, FinishReason reason) {
            finish(row, reason);
        }

        @Override
        public void failed(Row row, EngineException error) {
            fail(row, error);
        }
    }

    private void end(Predicate<Row> which, EngineException error) {
        admission.remove(which).forEach(row -> fail(row, error));
    }
}
