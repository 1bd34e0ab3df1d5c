package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.name.DecoderNames;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the modules of the base model that a configuration targets, with rank and scale of each. It
 * reports targets that the base does not have, ranks over the maximum, and patterns that match
 * nothing.
 */
public final class TargetResolution {
    /**
     * The most steps of matching, which take two seconds at most. A pattern for each of the 900
     * modules of a large model takes about half of them.
     */
    static final long STEPS = 100_000_000;

    /** PEFT's names of embeddings and heads (EMBEDDING_LAYER_NAMES). */
    private static final Set<String> BARE_EDGES = Set.of("embed_tokens", "lm_head");

    private final DecoderNames names;
    private final DecoderShape base;
    private final PeftConfig config;
    private final int maxRank;
    private final Reasons reasons;
    private final PythonPattern.Budget budget = new PythonPattern.Budget(STEPS);
    private boolean overflowTold;

    /** Of the modules that are saved whole, once they were asked for. */
    private @Nullable List<PythonPattern> saved;

    /** One module that gets an adapter. */
    public record Target(ModulePath module, int rank, double scale) {}

    /** The embedding or the head, if it gets an adapter. */
    public record EdgeTarget(Edge edge, int rank, double scale) {}

    /** Rank and scale of something that gets an adapter. */
    public record Scaled(int rank, double scale) {}

    /** The most names without a module that are reported; later names are not looked up. */
    private static final int MOST_UNKNOWN = 1_000;

    /** Everything that gets an adapter, modules block by block. */
    public record Targets(List<Target> modules, List<EdgeTarget> edges) {
        public static final Targets NONE = new Targets(List.of(), List.of());

        public Targets {
            modules = List.copyOf(modules);
            edges = List.copyOf(edges);
        }
    }

    public TargetResolution(DecoderNames names, PeftConfig config, int maxRank, Reasons reasons) {
        this.names = names;
        this.base = names.base().decoder();
        this.config = config;
        this.maxRank = maxRank;
        this.reasons = reasons;
    }

    /** The targets; none if a pattern took too long, which is then a reason. */
    public Targets resolve() {
        try {
            return matched();
        } catch (PythonPattern.InvalidPatternException e) {
            refuseSlow(e);
            return Targets.NONE;
        }
    }

    /** Rank and scale of a linear layer of an expert; empty if it is not targeted. */
    public Optional<Scaled> scaled(ExpertPath path) {
        try {
            return config.targets().take(names.spelled(path), budget)
                    ? scaledBy(names.spelled(path))
                    : Optional.empty();
        } catch (PythonPattern.InvalidPatternException e) {
            refuseSlow(e);
            return Optional.empty();
        }
    }

    /** A path as the adapter spells it. */
    public String spelled(TensorPlace place) {
        return names.spelled(place);
    }

    /** Rank and scale of a parameter that is targeted, by its path as the adapter spells it. */
    public Optional<Scaled> scaledBy(String path) {
        try {
            PeftConfig.Row row = config.row(path, budget);
            if (row.rank() > maxRank) {
                refuseRank(row.rankKey().map(k -> "rank_pattern." + k).orElse("r"), row.rank());
            }
            checkScale(row);
            return Optional.of(new Scaled(row.rank(), row.scale()));
        } catch (PythonPattern.InvalidPatternException e) {
            refuseSlow(e);
            return Optional.empty();
        }
    }

    /** The keys of patterns that decide about a path, with their settings' names. */
    public List<String> patterns(String path) {
        try {
            PeftConfig.Row row = config.row(path, budget);
            List<String> keys = new ArrayList<>();
            row.rankKey().ifPresent(key -> keys.add("rank_pattern." + key));
            row.alphaKey().ifPresent(key -> keys.add("alpha_pattern." + key));
            return keys;
        } catch (PythonPattern.InvalidPatternException e) {
            refuseSlow(e);
            return List.of();
        }
    }

    private void refuseSlow(PythonPattern.InvalidPatternException e) {
        reasons.refuse(
                LoraFault.INVALID_PATTERN,
                new Reasons.Location(ConfigFields.FILE, null),
                "its patterns",
                "patterns that match quickly",
                "a pattern " + e.getMessage());
    }

    private Targets matched() {
        ModuleSelection.Targets selection = config.targets();
        checkNames(selection);
        checkLayers(selection);
        List<ModulePath> modules = select(m -> selection.take(names.spelled(m), budget));
        List<Edge> edges =
                names.edges().stream()
                        .filter(edge -> selection.take(names.spelled(edge), budget))
                        .filter(edge -> !isSaved(names.spelled(edge)))
                        .toList();
        if (base.around().tokens() == 0) {
            edges.forEach(edge -> refuseUnknown(edge, selection));
            edges = List.of();
        }
        if (names.edges().size() > 1 && tiesEdges(selection)) {
            edges = names.edges();
        }
        boolean none = modules.isEmpty() && edges.isEmpty();
        if (none && selection.targets() instanceof ModuleSelection.Expression text) {
            // An expression that matches nothing may be written in TensorRT-LLM's names.
            modules =
                    select(m ->
                            text.selects(m.tensorRtText(), budget)
                                    && !selection.isExcluded(names.spelled(m), budget));
        }
        if (modules.isEmpty() && edges.isEmpty() && !mayNameExperts()) {
            reasons.refuse(
                    LoraFault.NO_TARGETS,
                    at(TargetReader.TARGETS),
                    describe(selection.targets()),
                    "modules as " + names.spelled(ModulePath.all(base).getFirst()),
                    "no module of the base model is targeted");
        }
        return rows(modules, edges);
    }

    /**
     * True if PEFT changes both of two tied edges, since one is targeted by its bare name, whatever
     * is excluded.
     */
    private boolean tiesEdges(ModuleSelection.Targets selection) {
        return config.whole().tie()
                && base.around().tied()
                && switch (selection.targets()) {
                    case ModuleSelection.Names list ->
                            list.names().stream()
                                    .map(name -> name.substring(name.lastIndexOf('.') + 1))
                                    .anyMatch(BARE_EDGES::contains);
                    case ModuleSelection.Expression text ->
                            BARE_EDGES.stream().anyMatch(name -> text.selects(name, budget));
                    case ModuleSelection.AllLinear _ -> false;
                };
    }

    /** PEFT targets nothing that it saves whole (check_target_module_exists). */
    private boolean isSaved(String path) {
        List<PythonPattern> patterns = saved;
        if (patterns == null) {
            patterns =
                    config.whole().names().stream()
                            .map(name -> PythonPattern.compile("(?:^|.*\\.)", name, "(?:$|\\..*)"))
                            .toList();
            saved = patterns;
        }
        return patterns.stream().anyMatch(pattern -> pattern.matchesStart(path, budget));
    }

    private List<ModulePath> select(Predicate<ModulePath> taken) {
        return ModulePath.all(base).stream().filter(taken).toList();
    }

    private Targets rows(List<ModulePath> modules, List<Edge> edges) {
        List<Target> targets = new ArrayList<>();
        List<EdgeTarget> atEdges = new ArrayList<>();
        TreeMap<String, Integer> tooLarge = new TreeMap<>();
        Map<String, PeftConfig.Row> rows = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        List<TensorPlace> places = new ArrayList<>(modules);
        places.addAll(edges);
        for (TensorPlace place : places) {
            PeftConfig.Row row = config.row(names.spelled(place), budget);
            rows.put(names.spelled(place), row);
            row.rankKey().ifPresent(used::add);
            row.alphaKey().ifPresent(key -> used.add(PeftConfig.ALPHA + key));
            if (row.rank() > maxRank) {
                String key = row.rankKey().map(k -> "rank_pattern." + k).orElse("r");
                tooLarge.put(key, row.rank());
            }
            checkScale(row);
            switch (place) {
                case ModulePath module -> targets.add(new Target(module, row.rank(), row.scale()));
                case Edge edge -> atEdges.add(new EdgeTarget(edge, row.rank(), row.scale()));
                case NormPath _, ExpertPath _, StackPath _ ->
                        throw new IllegalStateException(place.text() + " is not a target here");
            }
        }
        tooLarge.forEach(this::refuseRank);
        OlderPatterns.check(config, rows, reasons);
        if (!mayNameExperts()) {
            warnUnused(config.sizes().rankPattern(), "rank_pattern", "", used);
            warnUnused(config.sizes().alphaPattern(), "alpha_pattern", PeftConfig.ALPHA, used);
        }
        return new Targets(targets, atEdges);
    }

    /** Refuses a scale that is not a finite float; only the first one is reported. */
    private void checkScale(PeftConfig.Row row) {
        if (Float.isFinite((float) row.scale()) || overflowTold) {
            return;
        }
        overflowTold = true;
        String found = String.valueOf(config.sizes().alpha());
        String why = "alpha over rank is not a finite 32-bit number";
        reasons.refuse(LoraFault.INVALID_VALUE, at("lora_alpha"), found, "up to 1e38", why);
    }

    private void refuseRank(String key, int rank) {
        reasons.refuse(
                LoraFault.RANK_OVER_MAXIMUM,
                at(key),
                String.valueOf(rank),
                "1 to " + maxRank,
                "the rank is over the deployment's max_lora_rank");
    }

    private void warnUnused(PatternValues values, String key, String mark, Set<String> used) {
        for (PatternValues.Entry entry : values.entries()) {
            if (!used.contains(mark + entry.key())) {
                reasons.warn(
                        LoraFault.UNUSED_PATTERN,
                        at(key + "." + entry.key()),
                        entry.key(),
                        "patterns of targeted modules",
                        "decides about no targeted module");
            }
        }
    }

    /**
     * Whether experts are targeted, by their parameters or as far as the first one tells; false if
     * a pattern took too long.
     */
    public boolean mayTargetExperts() {
        try {
            return mayNameExperts();
        } catch (PythonPattern.InvalidPatternException e) {
            return false; // resolve() told it
        }
    }

    private boolean mayNameExperts() {
        return !config.whole().parameters().isEmpty()
                || firstExperts().stream()
                        .anyMatch(path -> config.targets().take(names.spelled(path), budget));
    }

    /** Linear layers of the first expert of each layer. */
    private List<ExpertPath> firstExperts() {
        List<ExpertPath> paths = new ArrayList<>();
        base.around()
                .experts()
                .forEach((layer, shape) -> {
                    if (shape.tensors() instanceof ExpertTensors.Single single) {
                        for (String name : List.of(single.gate(), single.up(), single.down())) {
                            paths.add(new ExpertPath(layer, single.prefix(), 0, name));
                        }
                    }
                });
        return paths;
    }

    private void refuseUnknown(Edge edge, ModuleSelection.Targets selection) {
        reasons.refuse(
                LoraFault.EMBEDDING_ADAPTER,
                at(TargetReader.TARGETS),
                describe(selection.targets()),
                "linear layers of the decoder blocks, if the base's config.json is not there",
                "targets " + edge.text() + ", whose size is not known");
    }

    private void checkNames(ModuleSelection.Targets selection) {
        if (!(selection.targets() instanceof ModuleSelection.Names list)) {
            return;
        }
        List<ModulePath> all = ModulePath.all(base);
        int unknown = 0;
        for (String name : list.names()) {
            if (unknown == MOST_UNKNOWN) {
                return; // each name costs a look at all modules, and a list may have thousands
            }
            boolean known =
                    all.stream()
                                    .anyMatch(m ->
                                            ModuleSelection.Names.matches(name, names.spelled(m)))
                            || firstExperts().stream().anyMatch(e -> namesExpert(name, e))
                            || Arrays.stream(Edge.values())
                                    .anyMatch(e ->
                                            ModuleSelection.Names.matches(name, names.spelled(e)));
            if (!known) {
                unknown++;
                reasons.warn(
                        LoraFault.UNKNOWN_MODULE,
                        at(TargetReader.TARGETS),
                        name,
                        ModulePath.names(base.allModules()),
                        "the base model has no linear layer of this name: it changes nothing, as in"
                                + " PEFT");
            }
        }
    }

    /** Whether a name is that of a linear layer of any expert. */
    private boolean namesExpert(String name, ExpertPath first) {
        String ofFirst = name.replaceFirst("experts\\.\\d{1,5}\\.", "experts.0.");
        return ModuleSelection.Names.matches(ofFirst, names.spelled(first));
    }

    private void checkLayers(ModuleSelection.Targets selection) {
        ModuleSelection.LayerLimit limit = selection.limit();
        List<Integer> layers = limit == null ? List.of() : limit.layers();
        for (int layer : layers) {
            if (layer < 0 || layer >= base.layers()) {
                reasons.refuse(
                        LoraFault.UNKNOWN_LAYER,
                        at(TargetReader.LAYERS),
                        String.valueOf(layer),
                        "0 to " + (base.layers() - 1),
                        "the base model has no such layer");
            }
        }
    }

    private static String describe(ModuleSelection selection) {
        return switch (selection) {
            case ModuleSelection.Names list -> list.names().toString();
            case ModuleSelection.Expression expression -> expression.text();
            case ModuleSelection.AllLinear _ -> "all-linear";
        };
    }
}
