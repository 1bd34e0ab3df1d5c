package dev.weft.format.lora.canonical;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.lora.config.PeftConfigReader;
import dev.weft.format.lora.config.PeftVersion;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.config.WholeModules;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.pooling.Pooling;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an adapter from the values that its digest covers and from nothing else, so that one
 * digest means the same bytes whatever tool wrote the folder it came in.
 *
 * <ul>
 *   <li>adapter_config.json: keys in order, without spaces. {@code target_modules} are the paths of
 *       all modules; {@code r} is the rank of single experts if there are some, else the largest
 *       rank; {@code rank_pattern} names the modules of another rank; {@code alpha_pattern} names
 *       those whose scale does not follow from {@code lora_alpha}. {@code lora_bias} and {@code
 *       use_dora} are there only if they are true, {@code modules_to_save} (paths) and {@code
 *       trainable_token_indices} (by path) only if there are some. {@code peft_version} is there
 *       only if the embedding is changed by a pair or by rows, which older versions read otherwise.
 *   <li>adapter_config.json: {@code weft_pooling} has what the files of sentence-transformers in an
 *       adapter's folder say.
 *   <li>adapter_model.safetensors: PEFT's names, no metadata, the larger type first and by name
 *       within one, as the safetensors library writes them; values as they were.
 *   <li>tokenizer_config.json, if the adapter brings any of these: templates, special tokens,
 *       {@code add_bos_token} and {@code response_template}.
 * </ul>
 */
final class CanonicalFiles {
    private final LoraAdapter adapter;

    CanonicalFiles(LoraAdapter adapter) {
        this.adapter = adapter;
    }

    /** Writes into an empty folder. */
    void write(Path folder, TokenizerConfig chat) throws IOException {
        Files.write(
                folder.resolve(AdapterFiles.CONFIG),
                JsonMapper.shared().writeValueAsBytes(config()));
        SafetensorsWriter.write(folder.resolve(AdapterFiles.TENSORS), Map.of(), tensors());
        Map<String, Object> tokenizer = chat.json();
        if (!tokenizer.isEmpty()) {
            Files.write(
                    folder.resolve(AdapterFiles.TOKENIZER_CONFIG),
                    JsonMapper.shared().writeValueAsBytes(tokenizer));
        }
    }

    private Map<String, Object> config() {
        List<Target> targets = targets();
        Map<String, Object> config = new TreeMap<>();
        config.put("peft_type", "LORA");
        config.put(DeclaredTask.TYPE, adapter.task().kind().name());
        Pooling pooling = adapter.task() instanceof LoraTask.Embedding(var own) ? own : null;
        if (pooling != null) {
            config.put(DeclaredTask.POOLING, DeclaredTask.json(pooling));
        }
        config.put("r", rank());
        config.put("lora_alpha", number(adapter.facts().alpha()));
        config.put("use_rslora", adapter.facts().rsLora());
        config.put(TargetReader.TARGETS, targets.stream().map(Target::path).sorted().toList());
        List<LoraPair.Outputs> outputs = targets.stream().map(Target::outputs).toList();
        if (outputs.stream().anyMatch(it -> it.bias() != null)) {
            config.put("lora_bias", true);
        }
        if (outputs.stream().anyMatch(it -> it.magnitude() != null)) {
            config.put("use_dora", true);
        }
        putWhole(config);
        putPatterns(config, targets);
        return config;
    }

    /**
     * Puts the ranks that differ from {@code r}, and the alphas that don't follow from {@code
     * lora_alpha}.
     */
    private void putPatterns(Map<String, Object> config, List<Target> targets) {
        int rank = rank();
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Number> alphas = new TreeMap<>();
        List<Target> scaled = new ArrayList<>(targets);
        ExpertChanges experts = adapter.around().experts();
        experts.byParameter()
                .forEach((parameter, stack) ->
                        scaled.add(target(parameter, stack.rank(), stack.scale())));
        for (Target target : scaled) {
            double divisor = divisor(target.rank);
            if (target.rank != rank) {
                ranks.put(target.path, target.rank);
            }
            if (target.scale != (float) (adapter.facts().alpha() / divisor)) {
                alphas.put(target.path, number(target.scale * divisor));
            }
        }
        config.put("rank_pattern", ranks);
        config.put("alpha_pattern", alphas);
    }

    /**
     * The value of {@code r}. Single experts have no pattern, so it is their rank if there are
     * some.
     */
    private int rank() {
        List<ExpertChanges.Pair> experts = adapter.around().experts().pairs();
        return experts.isEmpty() ? adapter.facts().rank() : experts.getFirst().rank();
    }

    /** A low-rank change of any module, edge or expert. */
    private record Target(String path, int rank, float scale, LoraPair.Outputs outputs) {}

    private static Target target(String path, int rank, float scale) {
        return new Target(path, rank, scale, LoraPair.Outputs.NONE);
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (LoraPair pair : adapter.pairs()) {
            targets.add(new Target(module(pair).text(), pair.rank(), pair.scale(), pair.outputs()));
        }
        adapter.around()
                .pairs()
                .forEach((edge, pair) ->
                        targets.add(
                                new Target(
                                        edge.text(), pair.rank(), pair.scale(), pair.outputs())));
        adapter.around()
                .experts()
                .byModule()
                .forEach((module, pair) -> targets.add(target(module, pair.rank(), pair.scale())));
        return targets;
    }

    /** Whether the version of PEFT decides what a change of the embedding means. */
    private static boolean changesRows(Surroundings around) {
        return around.pairs().containsKey(Edge.EMBEDDING)
                || around.rows().containsKey(Edge.EMBEDDING);
    }

    /**
     * Puts what else the adapter changes: saved modules, tokens, parameters of experts; and its
     * invocation.
     */
    private void putWhole(Map<String, Object> config) {
        Surroundings around = adapter.around();
        List<String> saved = new ArrayList<>(around.norms().keySet());
        around.copies().keySet().forEach(edge -> saved.add(edge.text()));
        if (!saved.isEmpty()) {
            config.put(WholeModules.SAVED, saved.stream().sorted().toList());
        }
        if (changesRows(around)) {
            config.put(PeftVersion.FIELD, PeftVersion.SERVED);
        }
        Map<String, List<Integer>> tokens = new TreeMap<>();
        around.rows().forEach((edge, rows) -> tokens.put(edge.text(), rows.tokens()));
        if (!tokens.isEmpty()) {
            config.put(WholeModules.TOKENS, tokens);
        }
        if (!around.experts().stacks().isEmpty()) {
            config.put(
                    WholeModules.PARAMETERS, List.copyOf(around.experts().byParameter().keySet()));
        }
        if (around.sameBase()) {
            config.put(WholeModules.SAME_BASE, true);
        }
        if (!adapter.invocation().isEmpty()) {
            config.put(PeftConfigReader.INVOCATION, adapter.invocation());
        }
    }

    /**
     * The divisor by which alpha gives the scale. A scale is multiplied by it in 64 bits, and the
     * division gives the same scale in 32 bits: the product with a rank is exact, with a root it is
     * off by far less than half of a 32-bit step.
     */
    private double divisor(int rank) {
        return adapter.facts().rsLora() ? Math.sqrt(rank) : rank;
    }

    /** Writes whole numbers as integers, as PEFT mostly does. */
    private static Number number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        return whole ? (Number) (long) value : (Number) value;
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (LoraPair pair : adapter.pairs()) {
            add(tensors, module(pair), pair.a(), pair.b(), pair.outputs());
        }
        Surroundings around = adapter.around();
        around.pairs()
                .forEach((edge, pair) -> add(tensors, edge, pair.a(), pair.b(), pair.outputs()));
        around.copies().forEach((edge, copy) -> tensors.add(named(edge, Side.WEIGHT, copy)));
        around.bases()
                .forEach((edge, copy) -> {
                    boolean targeted = around.pairs().containsKey(edge);
                    tensors.add(named(edge, targeted ? Side.BASE : Side.WEIGHT, copy));
                });
        around.rows().forEach((edge, rows) -> tensors.add(named(edge, Side.TOKENS, rows.values())));
        around.norms()
                .forEach((norm, values) ->
                        tensors.add(named(new NormPath(norm), Side.WEIGHT, values)));
        tensors.addAll(adapter.task().tensors());
        for (ExpertChanges.Pair pair : around.experts().pairs()) {
            add(tensors, pair.path(), pair.a(), pair.b(), LoraPair.Outputs.NONE);
        }
        for (ExpertChanges.Stack stack : around.experts().stacks()) {
            add(tensors, stack.path(), stack.a(), stack.b(), LoraPair.Outputs.NONE);
        }
        tensors.sort(
                Comparator.comparingInt((Tensor tensor) -> -tensor.dtype().bytes())
                        .thenComparing(Tensor::name));
        return tensors;
    }

    private static void add(
            List<Tensor> tensors, TensorPlace place, Tensor a, Tensor b, LoraPair.Outputs outputs) {
        tensors.add(named(place, Side.A, a));
        tensors.add(named(place, Side.B, b));
        Tensor bias = outputs.bias();
        if (bias != null) {
            tensors.add(named(place, Side.BIAS, bias));
        }
        Tensor magnitude = outputs.magnitude();
        if (magnitude != null) {
            tensors.add(named(place, Side.MAGNITUDE, magnitude));
        }
    }

    private static Tensor named(TensorPlace place, Side side, Tensor tensor) {
        return new Tensor(
                Half.canonical(place, side), tensor.dtype(), tensor.shape(), tensor.data());
    }

    private static ModulePath module(LoraPair pair) {
        return new ModulePath(pair.layer(), pair.module());
    }
}
