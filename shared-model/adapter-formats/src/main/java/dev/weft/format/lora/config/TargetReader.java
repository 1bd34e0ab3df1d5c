package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Reads target_modules, exclude_modules, layers_to_transform and layers_pattern by the rules of
 * PEFT 0.21 (check_target_module_exists, LoraConfig.__post_init__).
 */
public final class TargetReader {
    public static final String TARGETS = "target_modules";
    static final String EXCLUDED = "exclude_modules";
    static final String LAYERS = "layers_to_transform";
    static final String LAYERS_PATTERN = "layers_pattern";

    /** PEFT's choice for llama, mistral, qwen2 and qwen3 if a configuration names none. */
    private static final List<String> DEFAULT_TARGETS = List.of("q_proj", "v_proj");

    /** What follows the name of a list of layers, with {@link PythonPattern#LAYER_GROUP}. */
    private static final String LAYER = "\\.(?<" + PythonPattern.LAYER_GROUP + ">\\d+)\\.";

    /** Models name one or two lists of layers. */
    private static final int MOST_LAYER_PATTERNS = 100;

    private static final String NAMES_OR_EXPRESSION =
            "a list of module names, a regular expression or all-linear";

    private final ConfigFields fields;

    TargetReader(ConfigFields fields) {
        this.fields = fields;
    }

    Optional<ModuleSelection.Targets> read() {
        Optional<ModuleSelection> targets = targets();
        JsonNode excludedNode = fields.value(EXCLUDED);
        boolean excludes = !ConfigFields.isUnset(excludedNode);
        Optional<ModuleSelection> excluded =
                excludedNode == null || !excludes
                        ? Optional.empty()
                        : selection(EXCLUDED, excludedNode);
        JsonNode layers = fields.value(LAYERS);
        boolean limits = layers != null && !(layers.isContainer() && layers.isEmpty());
        checkLimits(targets, limits);
        Optional<ModuleSelection.LayerLimit> limit = limits ? limit() : Optional.empty();
        boolean unread = (excludes && excluded.isEmpty()) || (limits && limit.isEmpty());
        if (targets.isEmpty() || unread) {
            return Optional.empty();
        }
        return Optional.of(
                new ModuleSelection.Targets(
                        targets.get(), excluded.orElse(null), limit.orElse(null)));
    }

    private Optional<ModuleSelection> targets() {
        JsonNode node = fields.value(TARGETS);
        boolean others = !ConfigFields.isUnset(fields.value(WholeModules.PARAMETERS));
        if (node == null && others) {
            return Optional.of(new ModuleSelection.Names(List.of()));
        }
        if (node == null) {
            fields.reasons()
                    .warn(
                            LoraFault.DEFAULT_TAKEN,
                            at(TARGETS),
                            "nothing",
                            NAMES_OR_EXPRESSION,
                            "is not set, PEFT's default " + DEFAULT_TARGETS + " is taken");
            return Optional.of(new ModuleSelection.Names(DEFAULT_TARGETS));
        }
        if (node.isString() && node.stringValue().equalsIgnoreCase("all-linear")) {
            return Optional.of(new ModuleSelection.AllLinear());
        }
        if (node.isArray() && node.isEmpty() && others) {
            return Optional.of(new ModuleSelection.Names(List.of()));
        }
        if (node.isContainer() && node.isEmpty()) {
            fields.reasons()
                    .refuse(
                            LoraFault.NO_TARGETS,
                            at(TARGETS),
                            "[]",
                            NAMES_OR_EXPRESSION,
                            "targets no module");
            return Optional.empty();
        }
        return selection(TARGETS, node);
    }

    private Optional<ModuleSelection> selection(String key, JsonNode node) {
        if (node.isArray()) {
            return fields.texts(key, node)
                    .map(names -> names.stream().map(TargetReader::huggingFaceName).toList())
                    .map(ModuleSelection.Names::new);
        }
        if (node.isString()) {
            String text = node.stringValue();
            return compile(key, "", text, "").map(p -> new ModuleSelection.Expression(text, p));
        }
        fields.wrong(key, node, NAMES_OR_EXPRESSION);
        return Optional.empty();
    }

    /** TensorRT-LLM's name of a module in Hugging Face's words; any other text as it is. */
    static String huggingFaceName(String name) {
        return LinearModule.named(name)
                .filter(module -> module.tensorRtName().equals(name))
                .map(LinearModule::shortName)
                .orElse(name);
    }

    private void checkLimits(Optional<ModuleSelection> targets, boolean limits) {
        boolean list = targets.isPresent() && targets.get() instanceof ModuleSelection.Names;
        for (String key : List.of(LAYERS, LAYERS_PATTERN)) {
            boolean set = key.equals(LAYERS) ? limits : !ConfigFields.isUnset(fields.value(key));
            if (set && targets.isPresent() && !list) {
                refuseLimit(key, "needs target_modules as a list of names, as in PEFT");
            }
        }
        if (!limits && !ConfigFields.isUnset(fields.value(LAYERS_PATTERN))) {
            refuseLimit(LAYERS_PATTERN, "needs layers_to_transform, as in PEFT");
        }
    }

    private void refuseLimit(String key, String why) {
        String found = String.valueOf(fields.value(key));
        fields.reasons().refuse(LoraFault.INVALID_VALUE, at(key), found, "null", why);
    }

    private Optional<ModuleSelection.LayerLimit> limit() {
        List<Integer> layers = new ArrayList<>();
        JsonNode node = fields.value(LAYERS);
        if (node == null) {
            return Optional.empty();
        }
        List<JsonNode> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(values::add);
        } else {
            values.add(node);
        }
        for (JsonNode value : values) {
            OptionalInt layer = fields.integer(LAYERS, value);
            if (layer.isEmpty()) {
                return Optional.empty();
            }
            layers.add(layer.getAsInt());
        }
        return layerPatterns().map(p -> new ModuleSelection.LayerLimit(layers, p));
    }

    private Optional<List<PythonPattern>> layerPatterns() {
        JsonNode node = fields.value(LAYERS_PATTERN);
        if (node == null || ConfigFields.isUnset(node)) {
            return compile(LAYERS_PATTERN, ".*?\\.", "[^.]*", LAYER).map(List::of);
        }
        Optional<List<String>> names =
                node.isString()
                        ? Optional.of(List.of(node.stringValue()))
                        : node.isArray() ? fields.texts(LAYERS_PATTERN, node) : Optional.empty();
        if (names.isEmpty() || names.get().size() > MOST_LAYER_PATTERNS) {
            fields.wrong(
                    LAYERS_PATTERN,
                    node,
                    "a name or a list of up to " + MOST_LAYER_PATTERNS + " names");
            return Optional.empty();
        }
        List<PythonPattern> patterns = new ArrayList<>();
        for (String name : names.get()) {
            compile(LAYERS_PATTERN, "(?:^|.*?\\.)", name, LAYER).ifPresent(patterns::add);
        }
        return patterns.size() == names.get().size() ? Optional.of(patterns) : Optional.empty();
    }

    private Optional<PythonPattern> compile(String key, String before, String text, String after) {
        try {
            return Optional.of(PythonPattern.compile(before, text, after));
        } catch (PythonPattern.InvalidPatternException e) {
            fields.reasons()
                    .refuse(
                            LoraFault.INVALID_PATTERN,
                            at(key),
                            text,
                            "a regular expression of Python's re",
                            String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
