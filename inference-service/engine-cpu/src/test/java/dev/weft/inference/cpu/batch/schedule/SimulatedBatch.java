package dev.weft.inference.cpu.batch.schedule;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.batch.cost.SimulatedMachine;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The scheduler over a real KV cache, with a simulated machine in the place of the model. */
public final class SimulatedBatch implements AutoCloseable {
    static final int CONTEXT = 8_192;

    static final GenerationListener NOBODY =
            new GenerationListener() {
                @Override
                public void onPrompt(int cachedTokens) {}

                @Override
                public void onToken(TokenEvent event) {}

                @Override
                public void onFinish(FinishReason reason) {}

                @Override
                public void onError(EngineException error) {
                    throw new AssertionError(error);
                }
            };

    private final KvCache cache;
    private final Scheduler scheduler;
    private final ToDoubleFunction<StepShape> machine;
    private final List<Row> started = new ArrayList<>();
    private int count;

    SimulatedBatch(int blocks, int maxRows, Duration gap, ToDoubleFunction<StepShape> machine) {
        this.cache = new KvCache(shape(), (long) blocks * Attention.BLOCK, true);
        this.scheduler =
                new Scheduler(
                        new BatchLimits(
                                maxRows, 512, 1_000, CONTEXT, gap, 0, BatchLimits.LONGEST_MASK));
        this.machine = machine;
    }

    /** A batch of one row, over a small cache. */
    public static SimulatedBatch ofOneRow() {
        return new SimulatedBatch(8, 1, Duration.ofMinutes(1), SimulatedMachine.LINEAR::seconds);
    }

    /** A row that is not queued. */
    public Row row(GenerationRequest request) {
        return new Row(request, NOBODY, null, cache.sequence("", null));
    }

    /** A request that waits; no two begin with the same token. */
    Row start(int prompt, int answer) {
        return start("", prompt, answer);
    }

    /** A tenant's request that waits. */
    Row start(String tenant, int prompt, int answer) {
        GenerationRequest request =
                new GenerationRequest(
                        "r" + count,
                        null,
                        Collections.nCopies(prompt, count++),
                        GenerationRequest.Ending.after(answer),
                        Sampling.greedy(),
                        -1,
                        new Owner(tenant, tenant));
        Row row = row(request);
        scheduler.admission().enqueue(row);
        started.add(row);
        return row;
    }

    /** All that were started, but for those forgotten. */
    List<Row> started() {
        return started;
    }

    void forgetEnded() {
        started.removeIf(Row::ended);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    KvCache cache() {
        return cache;
    }

    /** Seconds of a step, and what was in it. */
    record Result(StepShape shape, double seconds) {}

    Result step() {
        StepPlan plan = scheduler.plan();
        StepShape shape = plan.shape();
        double seconds = machine.applyAsDouble(shape);
        List<StepPlan.Sampled> sampled = plan.sampled();
        plan.parts().forEach(scheduler::advance);
        for (StepPlan.Sampled one : sampled) {
            Row row = one.row();
            TokenEvent event = new TokenEvent(row.produced(), 1, false, Float.NaN, List.of());
            FinishReason reason = row.accept(event, CONTEXT);
            if (reason != null) {
                row.finish(reason);
            }
        }
        scheduler.admission().remove(_ -> false);
        scheduler.measured(shape, seconds);
        return new Result(shape, seconds);
    }

    @Override
    public void close() {
        cache.close();
    }

    private static DecoderShape shape() {
        return new DecoderShape(1, 2, new DecoderShape.HeadCounts(1, 1, 2), 2);
    }
}
