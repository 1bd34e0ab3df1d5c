package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.batch.choice.Drawn;
import dev.weft.inference.cpu.batch.choice.MaskedRows;
import dev.weft.inference.cpu.batch.choice.Sampler;
import dev.weft.inference.cpu.batch.choice.Unmasked;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowFailures;
import dev.weft.inference.cpu.batch.schedule.RowPool;
import dev.weft.inference.cpu.batch.schedule.Scheduler;
import dev.weft.inference.cpu.batch.schedule.StepPlan;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.FirstStep;
import dev.weft.inference.cpu.model.Step;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.statistics.StepPhase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step: chooses rows, one forward pass over all of them, samples, tells the listeners. A
 * failure for one row ends that row; the others get what they would have got without it. Owner
 * thread only, with its team.
 */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    /** A step waits for masks for at most this part (1 in 20) of its time. */
    private static final int PATIENCE = 20;

    /** The parts that compute. */
    record ModelParts(Team team, Decoder decoder, KvCache cache, int vocabulary) {}

    /** Receives the rows that a step ends. No method throws. */
    interface RowOutcomes {
        void finished(Row row, FinishReason reason);

        void failed(Row row, EngineException error);
    }

    private final ModelParts model;
    private final Scheduler scheduler;
    private final int contextLength;
    private final StepCounters counters;
    private final StepMeter meter;
    private final RowOutcomes outcomes;
    private final List<Sampler> samplers;
    private final MaskedRows masked;
    private final Step step = new Step();

    StepRunner(
            ModelParts model,
            Scheduler scheduler,
            int contextLength,
            StepCounters counters,
            StepMeter meter,
            MaskedRows masked,
            RowOutcomes outcomes) {
        this.model = model;
        this.scheduler = scheduler;
        this.contextLength = contextLength;
        this.counters = counters;
        this.meter = meter;
        this.masked = masked;
        this.outcomes = outcomes;
        this.samplers =
                IntStream.range(0, model.team.size())
                        .mapToObj(_ -> new Sampler(model.vocabulary, masked.copies()))
                        .toList();
    }

    /**
     * Runs a step; there must be a row that can take part, or one that awaits its mask.
     *
     * @return whether there was a step; if not, nothing can be done until a mask is ready
     */
    boolean run() {
        long begin = System.nanoTime();
        meter.begin();
        StepPlan plan = scheduler.plan();
        StepShape shape = plan.shape();
        boolean ended = endFaulty();
        boolean worked = true;
        if (!plan.parts().isEmpty()) {
            masked.sitOut();
            boolean together = run(plan);
            long took = System.nanoTime() - begin;
            if (together) {
                scheduler.measured(shape, took / 1e9);
            }
            takeMasked(System.nanoTime() + took / PATIENCE);
        } else if (!ended && masked.isEmpty()) {
            endWithoutRoom();
        } else {
            worked = ended;
        }
        scheduler.admission().remove(_ -> false);
        meter.end(plan.parts().size());
        return worked;
    }

    /** Lets rows go on whose masks are ready, or become ready before {@code untilNanos}. */
    void takeMasked(long untilNanos) {
        for (MaskedRows.Ready ready : masked.take(untilNanos)) {
            Row row = ready.row();
            settle(row, ready.drawn());
            EngineException fault = row.fault();
            if (fault != null && !row.ended()) {
                outcomes.failed(row, fault);
            }
            if (row.ended()) {
                // it may wait for its next turn
                scheduler.admission().remove(it -> it == row);
            }
        }
    }

    /** Runs the plan; false if it had to be computed row by row. */
    private boolean run(StepPlan plan) {
        plan.parts().forEach(part -> part.row().schedule());
        StepResults results;
        try {
            results = compute(plan);
        } catch (RuntimeException | Error e) {
            oneByOne(plan, e);
            return false;
        }
        settle(plan, results);
        return true;
    }

    /** One pass over all rows of the plan. It throws only before any row has advanced. */
    private StepResults compute(StepPlan plan) {
        plan.fill(step);
        model.decoder.prepare(step);
        StepResults results = new StepResults(plan);
        model.team.run(member -> compute(member, results));
        return results;
    }

    private void compute(Team.Member member, StepResults results) {
        model.decoder.forward(member, step);
        meter.clock().enter(member, StepPhase.SAMPLE);
        Sampler sampler = samplers.get(member.index());
        results.compute(
                member, model.decoder.states(), (row, logitRow) -> draw(sampler, row, logitRow));
    }

    private Drawn draw(Sampler sampler, Row row, int logitRow) {
        try {
            return sampler.sample(row, model.decoder.logits(), logitRow);
        } catch (RuntimeException | Error e) {
            return new Drawn.Failed(RowFailures.of(row, e));
        }
    }

    /** Lets the rows of a computed plan go on, or end. */
    private void settle(StepPlan plan, StepResults results) {
        meter.clock().enter(StepPhase.OTHER);
        account(plan.parts(), results.sampled().size());
        beginMasks(results);
        for (int i = 0; i < results.sampled().size(); i++) {
            StepPlan.Sampled sampled = results.sampled().get(i);
            if (!(results.drawn(i) instanceof Drawn.Refused)) {
                settle(sampled.row(), results.drawn(i));
            }
            follow(sampled, results.drawn(i));
        }
        for (int i = 0; i < results.pooled().size(); i++) {
            settle(results.pooled().get(i), results.gathered(i));
        }
        endFaulty();
    }

    /** Has masks made while the owner thread tells the other rows' tokens. */
    private void beginMasks(StepResults results) {
        for (int i = 0; i < results.sampled().size(); i++) {
            if (results.drawn(i) instanceof Drawn.Refused(Unmasked choice)) {
                await(results.sampled().get(i).row(), choice);
            }
        }
    }

    /**
     * Goes on with a row as long as it chooses its draft's tokens, since the step has computed the
     * logits after those too.
     */
    private void follow(StepPlan.Sampled sampled, Drawn first) {
        List<Integer> tokens = sampled.draft().tokens();
        if (tokens.isEmpty()) {
            return;
        }
        Row row = sampled.row();
        Drawn drawn = first;
        int right = 0;
        while (right < tokens.size()
                && drawn instanceof Drawn.Token(TokenEvent event)
                && event.token() == tokens.get(right)) {
            right++;
            if (row.ended() || row.cancelled() || row.fault() != null) {
                break;
            }
            scheduler.advance(row, 1);
            counters.more();
            drawn = draw(samplers.getFirst(), row, sampled.logits() + right);
            settle(row, drawn);
        }
        scheduler.verified(sampled, right);
        counters.draft(tokens.size(), right);
    }

    private void settle(StepPlan.PooledPart part, StepResults.Gathering gathering) {
        switch (gathering) {
            case StepResults.Gathering.Done(RowPool.Gathered gathered) -> {
                part.pool().take(gathered);
                float[] vector = gathered.vector();
                if (vector != null) {
                    tell(part.row(), vector);
                }
            }
            case StepResults.Gathering.Failed(EngineException error) ->
                    outcomes.failed(part.row(), error);
        }
    }

    private void tell(Row row, float[] vector) {
        if (row.fault() != null) {
            return;
        }
        counters.prefix(row.length(), row.cached());
        try {
            row.tell(vector);
        } catch (RuntimeException | Error e) {
            row.failed(e);
            return;
        }
        outcomes.finished(row, FinishReason.STOP);
    }

    private void settle(Row row, Drawn drawn) {
        switch (drawn) {
            case Drawn.Token(TokenEvent event) -> accept(row, event);
            case Drawn.Refused(Unmasked choice) -> await(row, choice);
            case Drawn.Complete() -> outcomes.finished(row, FinishReason.STOP);
            case Drawn.Failed(EngineException error) -> outcomes.failed(row, error);
        }
    }

    private void await(Row row, Unmasked choice) {
        if (row.fault() == null) {
            masked.add(row, choice);
        }
    }

    /**
     * Repeats a failed step row by row, since nobody knows which row failed. Alone, a row gets the
     * same token; rows that fail again end. If all fail, one token of the base tells whether the
     * engine still computes; if so, the rows are to blame.
     */
    private void oneByOne(StepPlan plan, Throwable failure) {
        LOG.warn(
                "a step failed ({}); its {} requests run one by one",
                failure.toString(),
                plan.parts().size());
        Map<Row, Throwable> failed = new LinkedHashMap<>();
        for (StepPlan.Part part : plan.parts()) {
            StepPlan alone = new StepPlan();
            alone.add(part.row(), part.tokens());
            StepResults results;
            try {
                results = compute(alone);
            } catch (RuntimeException | Error e) {
                failed.put(part.row(), e);
                continue;
            }
            settle(alone, results);
        }
        failed.keySet().forEach(row -> row.sequence().release());
        boolean computes = failed.size() < plan.parts().size() || computes();
        failed.forEach((row, error) ->
                outcomes.failed(row, computes ? RowFailures.of(row, error) : engineFailed(error)));
    }

    private boolean computes() {
        try {
            FirstStep.test(model.team, model.decoder, model.cache, model.vocabulary);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.error("the engine can't compute a token of the base either", e);
            return false;
        }
    }

    private static EngineException engineFailed(Throwable error) {
        return new EngineException(EngineException.Cause.FAILED, "the engine's step failed", error);
    }

    private void account(List<StepPlan.Part> parts, int produced) {
        StepTokens tokens = StepTokens.of(parts);
        boolean base = false;
        for (StepPlan.Part part : parts) {
            base |= part.row().slot() == null;
            scheduler.advance(part);
        }
        counters.step(tokens, produced, model.decoder.adapters() + (base ? 1 : 0) > 1);
    }

    private void accept(Row row, TokenEvent event) {
        if (row.fault() != null) {
            return;
        }
        if (row.produced() == 0) {
            counters.prefix(row.length(), row.cached());
        }
        FinishReason reason;
        try {
            reason = row.accept(event, contextLength);
        } catch (RuntimeException | Error e) {
            row.failed(e);
            return;
        }
        if (reason != null) {
            outcomes.finished(row, reason);
        }
    }

    /** Ends a row that the cache can't hold, so that the others go on. */
    private void endWithoutRoom() {
        Row row =
                scheduler
                        .withoutRoom()
                        .orElseThrow(() ->
                                new IllegalStateException("no row could take part in a step"));
        List<Row> _ = scheduler.admission().remove(it -> it == row);
        outcomes.failed(
                row,
                new EngineException(
                        EngineException.Cause.FAILED,
                        "the KV cache has no room for the request's next tokens"));
    }

    /** Ends rows that can't go on; returns whether there were any. */
    private boolean endFaulty() {
        boolean ended = false;
        for (Row row : List.copyOf(scheduler.admission().running())) {
            EngineException fault = row.fault();
            if (fault != null && !row.ended()) {
                outcomes.failed(row, fault);
                ended = true;
            }
        }
        return ended;
    }
}
