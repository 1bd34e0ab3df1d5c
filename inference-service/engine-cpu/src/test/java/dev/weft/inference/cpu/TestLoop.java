package dev.weft.inference.cpu;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.cpu.batch.BatchLoop;
import dev.weft.inference.cpu.batch.StepMeter;
import dev.weft.inference.cpu.batch.schedule.BatchLimits;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSpan;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.cpu.model.weights.DecoderWeights;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The engine without its check of requests, so that what no check foresees reaches the batch. */
record TestLoop(BatchLoop loop, AdapterShelf<LoraSlot> slots, Decoder decoder)
        implements AutoCloseable {
    private static final int MAX_RANK = 16;
    private static final int DRAFT_TOKENS = 4;
    private static final Duration GAP = Duration.ofMinutes(1);

    /**
     * @param rows of a batch at most
     * @param tokens of a step at most
     */
    static TestLoop open(
            Path folder,
            Precision precision,
            int rows,
            int tokens,
            int positions,
            List<LoraAdapter> adapters)
            throws IOException {
        return open(folder, precision, rows, tokens, positions, adapters, BatchLimits.LONGEST_MASK);
    }

    /** The same with another bound of the time of masks. */
    static TestLoop open(
            Path folder,
            Precision precision,
            int rows,
            int tokens,
            int positions,
            List<LoraAdapter> adapters,
            Duration longestMask)
            throws IOException {
        Team team = new Team(2);
        Kernels kernels = Kernels.open(Kernels.Choice.AUTO, precision, team, tokens);
        DecoderWeights weights =
                new WeightLoader(CheckpointFolder.open(folder), kernels).load(_ -> {});
        PhaseClock clock = new PhaseClock(false);
        Decoder decoder = new Decoder(weights, tokens, rows, MAX_RANK, team.size(), clock);
        ModelConfig config = weights.config();
        AdapterShelf<LoraSlot> slots = new AdapterShelf<>(new ShelfSize(adapters.size(), 0));
        for (LoraAdapter adapter : adapters) {
            AdapterDigest digest = adapter.digest();
            slots.load(digest, () -> new LoraSlot(digest, config.shape(), adapter, weights));
        }
        BatchLoop loop =
                new BatchLoop(
                        new BatchLoop.Models(
                                team,
                                decoder,
                                new KvCache(
                                        config.shape(),
                                        positions,
                                        true,
                                        KvPrecision.INT16,
                                        KvSpan.of(config.plan())),
                                null),
                        slots,
                        new BatchLimits(
                                rows,
                                tokens,
                                1_000,
                                config.contextLength(),
                                GAP,
                                DRAFT_TOKENS,
                                longestMask),
                        config.vocabulary().size(),
                        new StepMeter(false, team, clock));
        return new TestLoop(loop, slots, decoder);
    }

    /** Switches the log: each failure logs its stack, and thousands of them are useless. */
    static void log(boolean wanted) {
        Logger log = (Logger) LoggerFactory.getLogger("dev.weft.inference.cpu.batch");
        log.setLevel(wanted ? null : Level.OFF);
    }

    Generation start(GenerationRequest request, GenerationListener listener) {
        AdapterDigest adapter = request.adapter();
        @Nullable LoraSlot slot = adapter == null ? null : slots.retain(adapter);
        return loop.start(request, listener, slot);
    }

    @Override
    public void close() {
        loop.close();
    }
}
