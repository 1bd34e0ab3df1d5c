package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kernel.Team;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.Step;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.StepPhase;
import dev.weft.inference.engine.TokenEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step: chooses rows, one forward pass over all of them, samples, tells the listeners. Owner
 * thread only, with its team.
 */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    /** What computes. */
    record Machine(Team team, Decoder decoder, int vocabulary) {}

    /** Where rows go that a step ends. */
    interface Endings {
        void finished(Row row, FinishReason reason);

        void failed(Row row, EngineException error);
    }

    private final Machine machine;
    private final Scheduler scheduler;
    private final int contextLength;
    private final StepCounters counters;
    private final StepMeter meter;
    private final Endings endings;
    private final List<Sampler> samplers;
    private final Step step = new Step();

    StepRunner(
            Machine machine,
            Scheduler scheduler,
            int contextLength,
            StepCounters counters,
            StepMeter meter,
            Endings endings) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.contextLength = contextLength;
        this.counters = counters;
        this.meter = meter;
        this.endings = endings;
        this.samplers =
                IntStream.range(0, machine.team.size())
                        .mapToObj(_ -> new Sampler(machine.vocabulary))
                        .toList();
    }

    /** There must be a row that can take part. */
    void run() {
        long begin = System.nanoTime();
        meter.begin();
        StepPlan plan = scheduler.plan();
        StepShape shape = plan.shape();
        run(plan);
        scheduler.measured(shape, (System.nanoTime() - begin) / 1e9);
        meter.end(plan.parts().size());
    }

    private void run(StepPlan plan) {
        if (plan.parts().isEmpty()) {
            throw new IllegalStateException("no row could take part in a step");
        }
        plan.parts().forEach(part -> part.row().schedule());
        plan.fill(step);
        machine.decoder.prepare(step);
        List<Row> sampled = plan.sampled();
        @Nullable TokenEvent[] events = new @Nullable TokenEvent[sampled.size()];
        machine.team.run(member -> run(member, sampled, events));
        meter.clock().enter(StepPhase.OTHER);
        account(plan.parts(), sampled.size());
        for (int i = 0; i < events.length; i++) {
            TokenEvent event = events[i];
            if (event == null) {
                endings.failed(sampled.get(i), notANumber(sampled.get(i)));
            } else {
                accept(sampled.get(i), event);
            }
        }
        scheduler.admission().remove(_ -> false);
    }

    private void run(Team.Member member, List<Row> sampled, @Nullable TokenEvent[] events) {
        machine.decoder.forward(member, step);
        meter.clock().enter(member, StepPhase.SAMPLE);
        Sampler sampler = samplers.get(member.index());
        for (int i = member.index(); i < sampled.size(); i += member.size()) {
            events[i] = sampler.sample(sampled.get(i), machine.decoder.logits(), i);
        }
    }

    private void account(List<StepPlan.Part> parts, int produced) {
        StepTokens tokens = StepTokens.of(parts);
        boolean base = false;
        for (StepPlan.Part part : parts) {
            base |= part.row().slot() == null;
            part.row().advance(part.tokens());
        }
        counters.step(tokens, produced, machine.decoder.adapters() + (base ? 1 : 0) > 1);
    }

    private void accept(Row row, TokenEvent event) {
        if (row.produced() == 0) {
            counters.prefix(row.length(), row.cached());
        }
        try {
            FinishReason reason = row.accept(event, contextLength);
            if (reason != null) {
                endings.finished(row, reason);
            }
        } catch (RuntimeException e) {
            LOG.error("the listener of request {} failed; the request ends", row.request().id(), e);
            endings.failed(
                    row,
                    new EngineException(EngineException.Cause.FAILED, "the listener failed", e));
        }
    }

    /** Weights can be finite and still overflow; that is one request's trouble, not the batch's. */
    private static EngineException notANumber(Row row) {
        LoraSlot slot = row.slot();
        return new EngineException(
                EngineException.Cause.FAILED,
                "the logits of token "
                        + row.produced()
                        + " are not numbers; the weights of "
                        + (slot == null ? "the base" : "adapter " + slot.digest())
                        + " overflow on this input");
    }
}
