package dev.weft.format.lora;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.array.ArrayComparison;
import dev.weft.format.lora.array.ArrayPair;
import dev.weft.format.lora.array.ArrayReader;
import dev.weft.format.lora.config.ConfigFields;
import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.config.PeftConfigReader;
import dev.weft.format.lora.config.PeftVersion;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.config.TargetResolution;
import dev.weft.format.lora.config.TargetResolution.Target;
import dev.weft.format.lora.config.WholeModules;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.file.ChatFiles;
import dev.weft.format.lora.file.FolderFiles;
import dev.weft.format.lora.name.DecoderNames;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.AdapterDigester;
import dev.weft.format.lora.weight.AdapterTensors;
import dev.weft.format.lora.weight.ExpertAssembly;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.lora.weight.PairAssembly;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.lora.weight.SurroundingsAssembly;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One check of one folder, step by step; each step runs even if the one before found faults. */
final class FolderCheck {
    private final Path folder;
    private final BaseShape shape;
    private final DecoderShape base;
    private final int maxRank;
    private final @Nullable String baseName;
    private final boolean sameBase;
    private final Arena arena;
    private final Reasons reasons = new Reasons();
    private final FolderFiles files;

    /** The content of the files, with the scale of every pair worked out. */
    private record Content(
            double alpha,
            boolean rsLora,
            List<LoraPair> pairs,
            Surroundings around,
            List<Integer> invocation,
            LoraTask task) {}

    /**
     * @param sameBase whether the adapter's copies of the base's edges must equal the base's
     */
    FolderCheck(
            Path folder,
            BaseShape shape,
            int maxRank,
            @Nullable String baseName,
            boolean sameBase,
            Arena arena) {
        this.folder = folder;
        this.shape = shape;
        this.base = shape.decoder();
        this.maxRank = maxRank;
        this.baseName = baseName;
        this.sameBase = sameBase;
        this.arena = arena;
        this.files = new FolderFiles(folder, arena, reasons);
    }

    /** Checks the whole folder. */
    LoraCheck run() {
        return run(null);
    }

    /** Checks only what is needed to find the matrices again; trusts the values and the digest. */
    LoraCheck reopen(AdapterDigest digest) {
        return run(digest);
    }

    private LoraCheck run(@Nullable AdapterDigest known) {
        if (!AdapterFiles.check(folder, reasons)) {
            return new LoraCheck.Refused(reasons.refusals());
        }
        boolean arrays = LoraFolder.holdsArraysOnly(folder);
        Optional<Content> content = arrays ? arrays(known != null) : peft(known != null);
        Optional<AdapterDigest> digest = known == null ? digest(content) : Optional.of(known);
        if (reasons.refused() || content.isEmpty() || digest.isEmpty()) {
            return new LoraCheck.Refused(reasons.refusals());
        }
        return accept(content.get(), digest.get());
    }

    /** PEFT's two files; arrays beside them must have the same content. */
    private Optional<Content> peft(boolean valuesKnown) {
        Optional<PeftConfig> config = config();
        Optional<Collection<Tensor>> held = files.tensors();
        AdapterTask kind = config.map(c -> c.task().kind()).orElse(AdapterTask.CAUSAL_LM);
        Collection<Tensor> all = held.orElse(List.of());
        DecoderNames names = DecoderNames.of(shape, all, kind);
        TaskReader tasks = new TaskReader(folder, base, reasons, valuesKnown);
        Collection<Tensor> ofDecoder = config.map(c -> tasks.others(c, all)).orElse(all);
        Optional<TargetResolution> resolution = config.map(c -> resolution(c, names));
        TargetResolution.Targets targets =
                resolution.map(TargetResolution::resolve).orElse(TargetResolution.Targets.NONE);
        Optional<AdapterTensors> tensors =
                held.map(_ -> tensors(AdapterFiles.TENSORS, plain(ofDecoder, names), valuesKnown));
        if (resolution.isEmpty() || config.isEmpty() || tensors.isEmpty()) {
            return Optional.empty();
        }
        Optional<LoraTask> task = tasks.read(config.get());
        PeftConfig.Variant variant = config.get().variant();
        List<Integer> invocation = config.get().invocation();
        ExpertChanges experts =
                new ExpertAssembly(base, config.get(), resolution.get(), tensors.get(), reasons)
                        .assemble();
        Surroundings found =
                new SurroundingsAssembly(base, config.get(), names.edges(), tensors.get(), reasons)
                        .assemble(targets.edges(), experts);
        Surroundings around = sameBase ? found.overSameBase() : found;
        boolean more = !around.isEmpty() || config.get().task().kind() == AdapterTask.SEQ_CLS;
        List<LoraPair> pairs =
                pairs(
                        new PairAssembly(base, variant, tensors.get(), reasons),
                        targets.modules(),
                        more,
                        resolution.get().mayTargetExperts());
        new InvocationCheck(base, reasons).check(invocation, around);
        if (!valuesKnown) { // canonical files are read as they were written
            PeftVersion version = config.get().origin().writtenBy();
            new EmbeddingFactorCheck(base, reasons).check(version, around);
        }
        if (!valuesKnown && !pairs.isEmpty() && files.hasArrays()) {
            Optional<ArrayPair> arrays = new ArrayReader(files, base, reasons, false).read();
            arrays.ifPresent(a -> new ArrayComparison(a, reasons).compare(pairs));
        }
        double alpha = config.get().sizes().alpha();
        return task.map(it -> new Content(alpha, variant.rsLora(), pairs, around, invocation, it));
    }

    /** TensorRT-LLM's arrays alone, or with a configuration that they must match. */
    private Optional<Content> arrays(boolean valuesKnown) {
        Optional<ArrayPair> read = new ArrayReader(files, base, reasons, valuesKnown).read();
        boolean configured = files.has(AdapterFiles.CONFIG);
        Optional<PeftConfig> config = configured ? config() : Optional.empty();
        if (read.isEmpty() || config.isPresent() != configured) {
            return Optional.empty();
        }
        config.ifPresent(this::refuseTask);
        ArrayPair arrays = read.get();
        Optional<TargetResolution> resolution =
                config.map(c ->
                        resolution(c, DecoderNames.of(shape, List.of(), AdapterTask.CAUSAL_LM)));
        Optional<TargetResolution.Targets> resolved = resolution.map(TargetResolution::resolve);
        config.ifPresent(c -> refuseBeyondRows(c, resolved.orElseThrow()));
        List<Target> targets =
                resolved.map(found -> ArrayPair.unscaled(found.modules()))
                        .orElseGet(() -> arrays.targets(maxRank, reasons));
        AdapterTensors tensors = tensors(AdapterFiles.WEIGHTS_ARRAY, arrays.tensors(), valuesKnown);
        List<LoraPair> pairs =
                pairs(
                        new PairAssembly(base, PeftConfig.Variant.PLAIN, tensors, reasons),
                        targets,
                        false,
                        resolution.map(TargetResolution::mayTargetExperts).orElse(false));
        return Optional.of(
                new Content(
                        arrays.largestRank(),
                        false,
                        pairs,
                        Surroundings.NONE,
                        List.of(),
                        new LoraTask.Generation()));
    }

    /**
     * Refuses settings of anything but pairs: arrays hold rows of pairs alone, so the rest would be
     * lost.
     */
    private void refuseBeyondRows(PeftConfig config, TargetResolution.Targets targets) {
        Map<String, Boolean> beyond = new LinkedHashMap<>();
        beyond.put("use_dora", config.variant().dora());
        beyond.put("lora_bias", config.variant().bias());
        beyond.put("alora_invocation_tokens", !config.invocation().isEmpty());
        beyond.put(WholeModules.SAVED, !config.whole().names().isEmpty());
        beyond.put(WholeModules.TOKENS, !config.whole().indices().isEmpty());
        beyond.put(WholeModules.PARAMETERS, !config.whole().parameters().isEmpty());
        beyond.put(TargetReader.TARGETS, !targets.edges().isEmpty());
        beyond.forEach((setting, is) -> {
            if (is) {
                reasons.refuse(
                        LoraFault.UNSUPPORTED_SETTING,
                        ConfigFields.at(setting),
                        setting.equals(TargetReader.TARGETS)
                                ? targets.edges().getFirst().edge().text()
                                : "set",
                        "pairs of linear layers, or " + AdapterFiles.TENSORS,
                        "is not served from TensorRT-LLM's arrays, which hold pairs alone");
            }
        });
    }

    private void refuseTask(PeftConfig config) {
        AdapterTask kind = config.task().kind();
        if (kind != AdapterTask.CAUSAL_LM) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    ConfigFields.at(DeclaredTask.TYPE),
                    kind.name(),
                    "CAUSAL_LM, or " + AdapterFiles.TENSORS,
                    "is not served from TensorRT-LLM's arrays");
        }
    }

    private Optional<PeftConfig> config() {
        Optional<PeftConfig> config =
                files.config().flatMap(json -> new PeftConfigReader(json, reasons).read());
        config.ifPresent(this::checkBaseName);
        return config;
    }

    private TargetResolution resolution(PeftConfig config, DecoderNames names) {
        return new TargetResolution(names, config, maxRank, reasons);
    }

    /** The tensors under the plain names of a decoder; those of other parts become reasons. */
    private List<Tensor> plain(Collection<Tensor> tensors, DecoderNames names) {
        List<Tensor> plain = new ArrayList<>();
        for (Tensor tensor : tensors) {
            if (names.isElsewhere(tensor)) {
                reasons.refuse(
                        LoraFault.UNKNOWN_MODULE,
                        new Reasons.Location(AdapterFiles.TENSORS, tensor.name()),
                        tensor.name(),
                        "modules of the decoder, below " + shape.prefix() + "layers",
                        "is for a part of the model beside its decoder");
            } else {
                plain.add(names.plain(tensor));
            }
        }
        return plain;
    }

    private AdapterTensors tensors(String file, Collection<Tensor> tensors, boolean valuesKnown) {
        return new AdapterTensors(file, tensors, base, reasons, valuesKnown);
    }

    /**
     * The pairs; none if nothing is targeted. That is a reason already, and a reason for each
     * tensor would repeat it.
     */
    private static List<LoraPair> pairs(
            PairAssembly assembly, List<Target> targets, boolean more, boolean experts) {
        return targets.isEmpty() && !more && !experts
                ? List.of()
                : assembly.assemble(targets, more);
    }

    private Optional<AdapterDigest> digest(Optional<Content> content) {
        Optional<TokenizerConfig> chat = new ChatFiles(folder, reasons).read();
        if (reasons.refused() || content.isEmpty() || chat.isEmpty()) {
            return Optional.empty();
        }
        Content c = content.get();
        return Optional.of(
                new AdapterDigester()
                        .digest(
                                c.alpha,
                                c.rsLora,
                                c.pairs,
                                c.around,
                                c.invocation,
                                c.task,
                                chat.get()));
    }

    private LoraCheck accept(Content content, AdapterDigest digest) {
        LoraFacts facts = facts(content);
        return new LoraCheck.Accepted(
                new LoraAdapter(
                        digest,
                        facts,
                        content.pairs,
                        content.around,
                        content.invocation,
                        content.task,
                        arena),
                reasons.warnings());
    }

    private void checkBaseName(PeftConfig config) {
        String named = config.origin().baseName();
        if (baseName != null && named != null && !named.equals(baseName)) {
            reasons.warn(
                    LoraFault.OTHER_BASE_NAME,
                    ConfigFields.at("base_model_name_or_path"),
                    named,
                    baseName,
                    "names another base model than the one that is served");
        }
    }

    /** The facts of an adapter of that content. */
    private static LoraFacts facts(Content content) {
        SortedSet<LinearModule> modules = new TreeSet<>();
        int rank = 0;
        List<Tensor> tensors = new ArrayList<>(content.around.tensors());
        tensors.addAll(content.task.tensors());
        for (LoraPair pair : content.pairs) {
            modules.add(pair.module());
            rank = Math.max(rank, pair.rank());
            tensors.add(pair.a());
            tensors.add(pair.b());
            tensors.addAll(pair.outputs().tensors());
        }
        rank = Math.max(rank, content.around.experts().rank());
        for (Surroundings.EdgePair pair : content.around.pairs().values()) {
            rank = Math.max(rank, pair.rank());
        }
        SortedSet<String> dtypes = new TreeSet<>();
        tensors.forEach(tensor -> dtypes.add(tensor.dtype().name()));
        long parameters = tensors.stream().mapToLong(Tensor::elements).sum();
        String dtype = dtypes.size() == 1 ? dtypes.getFirst() : "mixed";
        return new LoraFacts(
                rank,
                content.alpha,
                content.rsLora,
                modules,
                dtype,
                parameters,
                content.task.kind());
    }
}
