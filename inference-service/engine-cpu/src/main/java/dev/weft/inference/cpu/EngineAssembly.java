package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.batch.BatchLoop;
import dev.weft.inference.cpu.batch.StepMeter;
import dev.weft.inference.cpu.batch.draft.DraftModel;
import dev.weft.inference.cpu.batch.schedule.BatchLimits;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSpan;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.FirstStep;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.cpu.model.weights.DecoderWeights;
import dev.weft.inference.cpu.model.weights.KeptWeights;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import dev.weft.inference.cpu.packed.PackedCopies;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.engine.EngineKernels;
import dev.weft.inference.engine.shelf.AdapterShelf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the embedded engine together: team, kernels, weights, decoder, caches and the loop that runs
 * them. One thread uses it.
 */
final class EngineAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(EngineAssembly.class);

    private final CpuEngineSettings settings;
    private final Team team;
    private final Kernels kernels;
    private final Consumer<String> progress;

    private EngineAssembly(
            CpuEngineSettings settings, Team team, Kernels kernels, Consumer<String> progress) {
        this.settings = settings;
        this.team = team;
        this.kernels = kernels;
        this.progress = progress;
    }

    /** See {@link CpuEngine#open}. */
    static CpuEngine open(
            Path checkpointFolder, CpuEngineSettings settings, Consumer<String> progress)
            throws IOException {
        InstructionSet.limit(settings.compute().highest());
        CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder);
        int threads =
                settings.compute().threads() > 0
                        ? settings.compute().threads()
                        : Runtime.getRuntime().availableProcessors();
        Team team = new Team(threads, settings.measured(), settings.compute().pinned());
        try {
            Kernels kernels =
                    Kernels.open(
                            settings.compute().kernels(),
                            settings.compute().precision(),
                            team,
                            settings.batch().maxTokens(),
                            settings.compute().kernelFile());
            kernels.begin();
            EngineAssembly assembly = new EngineAssembly(settings, team, kernels, progress);
            DecoderWeights weights = assembly.load(checkpoint);
            return assembly.start(weights, assembly.loadDrafts(weights));
        } catch (RuntimeException | Error | IOException e) {
            team.close();
            checkpoint.close();
            throw e;
        }
    }

    /** The smaller model that drafts, if there is to be one. */
    private @Nullable DecoderWeights loadDrafts(DecoderWeights base) throws IOException {
        Path folder = settings.batch().drafts().model();
        if (folder == null || settings.batch().drafts().tokens() == 0) {
            return null;
        }
        try {
            progress.accept("the model that drafts: " + folder);
            return load(CheckpointFolder.open(folder));
        } catch (RuntimeException | Error | IOException e) {
            base.close();
            throw e;
        }
    }

    private DecoderWeights load(CheckpointFolder checkpoint) {
        CpuEngineSettings.Copies kept = settings.compute().copies();
        if (kept == null) {
            return new WeightLoader(checkpoint, kernels).load(progress);
        }
        PackedCopies copies = new PackedCopies(kept.folder(), kept.bytes(), team);
        return new KeptWeights(checkpoint, kernels, copies).load(progress);
    }

    private CpuEngine start(DecoderWeights weights, @Nullable DecoderWeights drafts) {
        ModelConfig config = weights.config();
        kernels.ready();
        KvBudget budget = KvBudget.of(config, settings);
        PhaseClock clock = new PhaseClock(settings.measured());
        StepMeter meter = new StepMeter(settings.measured(), team, clock);
        Decoder decoder = decoder(weights, settings.adapters().maxRank(), clock);
        AdapterShelf<LoraSlot> adapters = new AdapterShelf<>(settings.adapters().shelf());
        KvCache cache = cache(config, budget, settings.context().prefixCache());
        FirstStep.test(team, decoder, cache, config.vocabulary().size());
        LOG.info(
                "linear layers run on {}, instruction set {}",
                kernels.name(),
                kernels.instructionSets());
        BatchLoop loop =
                new BatchLoop(
                        new BatchLoop.Models(
                                team,
                                decoder,
                                cache,
                                drafts == null ? null : drafting(drafts, config)),
                        adapters,
                        limits(budget),
                        config.vocabulary().size(),
                        meter);
        return new CpuEngine(description(config, budget), weights, adapters, cache, loop, meter);
    }

    private Decoder decoder(DecoderWeights weights, int maxRank, PhaseClock clock) {
        return new Decoder(
                weights,
                settings.batch().maxTokens(),
                settings.batch().maxRows(),
                maxRank,
                team.size(),
                clock);
    }

    private KvCache cache(ModelConfig config, KvBudget budget, boolean sharing) {
        return new KvCache(
                config.shape(),
                budget.positions(),
                sharing,
                settings.context().kvPrecision(),
                KvSpan.of(config.plan()));
    }

    private BatchLimits limits(KvBudget budget) {
        return new BatchLimits(
                settings.batch().maxRows(),
                settings.batch().maxTokens(),
                settings.batch().maxQueue(),
                budget.contextLength(),
                settings.batch().maxTokenGap(),
                settings.batch().drafts().tokens(),
                BatchLimits.LONGEST_MASK);
    }

    private EngineDescription description(ModelConfig config, KvBudget budget) {
        return new EngineDescription(
                "cpu",
                new EngineKernels(kernels.name(), kernels.instructionSets(), kernels::ofPeak),
                config,
                new EngineDescription.Limits(
                        budget.contextLength(),
                        settings.adapters().shelf().slots(),
                        settings.adapters().maxRank(),
                        settings.batch().maxRows()),
                true,
                true);
    }

    private DraftModel drafting(DecoderWeights weights, ModelConfig base) {
        ModelConfig config = weights.config();
        KvBudget budget = KvBudget.of(config, settings);
        Decoder decoder = decoder(weights, 1, new PhaseClock(false));
        KvCache cache = cache(config, budget, false);
        FirstStep.test(team, decoder, cache, config.vocabulary().size());
        return new DraftModel(
                team,
                decoder,
                cache,
                new DraftModel.Sizes(
                        config.vocabulary().size(),
                        base.vocabulary().size(),
                        budget.contextLength(),
                        settings.batch().maxTokens()));
    }
}
