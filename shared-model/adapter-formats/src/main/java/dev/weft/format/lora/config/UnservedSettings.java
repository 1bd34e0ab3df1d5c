package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.protocol.adapter.AdapterTask;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Settings of PEFT's LoraConfig (0.21) that would change the adapter's computation and are not
 * served, each refused by its name, and settings without effect once training is over.
 */
public final class UnservedSettings {
    private static final String MAPPING = "auto_mapping";

    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("use_qalora", "QALoRA pools the inputs in groups"),
                    Map.entry("layer_replication", "layers of the base are repeated"),
                    Map.entry("use_bdlora", "BD-LoRA has block-diagonal factors"),
                    Map.entry("arrow_config", "Arrow routes each token between adapters"),
                    Map.entry("kasa_config", "KaSA has a diagonal between A and B"),
                    Map.entry("monteclora_config", "MonteCLoRA samples around the weights"),
                    Map.entry("velora_config", "VeLoRA is a variant that was not compared"));

    /**
     * Settings that PeftConfigReader reads, and those that can't change the result of a trained
     * adapter.
     */
    private static final Set<String> KNOWN =
            Set.of(
                    "peft_type",
                    "r",
                    "lora_alpha",
                    "use_rslora",
                    "lora_bias",
                    "use_dora",
                    PeftConfigReader.INVOCATION,
                    WholeModules.SAVED,
                    WholeModules.PARAMETERS,
                    WholeModules.TOKENS,
                    "target_modules",
                    "exclude_modules",
                    "layers_to_transform",
                    "layers_pattern",
                    "rank_pattern",
                    "alpha_pattern",
                    "base_model_name_or_path",
                    "init_lora_weights",
                    "bias",
                    "fan_in_fan_out",
                    DeclaredTask.TYPE,
                    DeclaredTask.POOLING,
                    "peft_version",
                    MAPPING,
                    "revision",
                    "inference_mode",
                    "lora_dropout",
                    "runtime_config",
                    "megatron_config",
                    "megatron_core",
                    "qalora_group_size",
                    "loftq_config",
                    "eva_config",
                    "corda_config",
                    "lora_ga_config",
                    WholeModules.TIE,
                    WholeModules.SAME_BASE);

    /**
     * Settings of others than PEFT that say how an adapter was trained or stored: ms-swift's types
     * and learning rates, versions and marks of unsloth and transformers, and what PEFT before 0.3
     * said of merging for evaluation.
     */
    private static final Set<String> HARMLESS =
            Set.of(
                    "swift_type",
                    "lora_dtype",
                    "lorap_lr_ratio",
                    "lorap_emb_lr",
                    "unsloth_fixed",
                    "unsloth_version",
                    "transformers_version",
                    "merge_weights");

    private static final String UNSET = "null, false or empty";

    /** The beginning of the names of libraries for whose models it is known what they compute. */
    private static final String LIBRARY = "transformers.";

    /** Initialisations that leave the base unchanged; {@code true} and {@code false} do so too. */
    private static final Set<String> PLAIN_STARTS = Set.of("gaussian", "eva", "orthogonal", "mica");

    /** The most characters of a start; changing case takes long with long texts. */
    private static final int LONGEST_START = 100;

    private static final List<String> SERVED_TASKS =
            Arrays.stream(AdapterTask.values()).map(Enum::name).toList();

    private static final String SERVED = String.join(", ", SERVED_TASKS);

    private UnservedSettings() {}

    static void check(ConfigFields fields) {
        checkMethod(fields);
        checkStart(fields);
        checkTask(fields);
        checkMapping(fields);
        fields.json().properties().forEach(e -> checkKey(e.getKey(), e.getValue(), fields));
        if (fields.flag("fan_in_fan_out")) {
            // PEFT sets it to false for torch.nn.Linear, which all modules here are, and warns.
            ignored(fields, "fan_in_fan_out", "is for Conv1D layers; the base has linear ones");
        }
        String bias = fields.text("bias").orElse("none");
        if (!bias.equals("none")) {
            refuse(fields, "bias", bias, "none", "biases of the base are replaced");
        }
    }

    private static void checkMethod(ConfigFields fields) {
        JsonNode type = fields.value("peft_type");
        if (type == null) {
            fields.reasons()
                    .warn(
                            LoraFault.DEFAULT_TAKEN,
                            at("peft_type"),
                            "nothing",
                            "LORA",
                            "is not set, LORA is taken");
        } else if (!type.isString() || !type.stringValue().equals("LORA")) {
            fields.reasons()
                    .refuse(
                            LoraFault.UNSUPPORTED_METHOD,
                            at("peft_type"),
                            type.isString() ? type.stringValue() : type.toString(),
                            "LORA",
                            "this method is not served");
        }
    }

    /**
     * Refuses a start that changes the base. PiSSA, OLoRA, CorDA and LoRA-GA subtract the first A
     * and B from it, LoftQ quantises it; the learned weights then fit that base only. PEFT can
     * convert such an adapter when it saves it (path_initial_model_for_weight_conversion) and then
     * writes {@code true} here.
     */
    private static void checkStart(ConfigFields fields) {
        JsonNode start = fields.value("init_lora_weights");
        if (start == null || start.isBoolean()) {
            return;
        }
        String text = start.asString("");
        String name = text.length() > LONGEST_START ? "" : text.toLowerCase(Locale.ROOT);
        if (!PLAIN_STARTS.contains(name)) {
            fields.reasons()
                    .refuse(
                            LoraFault.BASE_WAS_CHANGED,
                            at("init_lora_weights"),
                            start.isString() ? start.stringValue() : start.toString(),
                            "true, false, gaussian, eva, orthogonal or mica",
                            "training with this start changes the base, so the adapter does not fit"
                                    + " the plain base; save it again with"
                                    + " path_initial_model_for_weight_conversion");
        }
    }

    private static void checkTask(ConfigFields fields) {
        String task = fields.text(DeclaredTask.TYPE).orElse("CAUSAL_LM");
        if (!SERVED_TASKS.contains(task)) {
            refuse(fields, DeclaredTask.TYPE, task, SERVED, "the adapter is for another task");
        }
    }

    /** Checks the library of the class that was trained, which PEFT names if there is no task. */
    private static void checkMapping(ConfigFields fields) {
        JsonNode mapping = fields.value(MAPPING);
        if (mapping == null || ConfigFields.isUnset(mapping)) {
            return;
        }
        JsonNode library = mapping.path("parent_library");
        boolean known = library.isNull() || library.asString("").startsWith(LIBRARY);
        if (!mapping.isObject() || !(library.isMissingNode() || known)) {
            refuse(
                    fields,
                    MAPPING,
                    mapping.toString(),
                    "a parent_library that begins with " + LIBRARY,
                    "the adapter was trained on a model of another library");
        }
    }

    private static void checkKey(String key, JsonNode value, ConfigFields fields) {
        if (ConfigFields.isUnset(value) || KNOWN.contains(key) || HARMLESS.contains(key)) {
            return;
        }
        String why = REFUSED.get(key);
        if (why != null) {
            refuse(fields, key, value.toString(), UNSET, why);
            return;
        }
        fields.reasons()
                .refuse(
                        LoraFault.UNKNOWN_SETTING,
                        at(key),
                        value.toString(),
                        "settings of PEFT 0.21, or " + UNSET,
                        "is not known and may change what the adapter computes");
    }

    private static void ignored(ConfigFields fields, String key, String why) {
        String found = String.valueOf(fields.value(key));
        fields.reasons().warn(LoraFault.IGNORED_SETTING, at(key), found, "its default", why);
    }

    private static void refuse(
            ConfigFields fields, String key, String found, String allowed, String why) {
        fields.reasons()
                .refuse(
                        LoraFault.UNSUPPORTED_SETTING,
                        at(key),
                        found,
                        allowed,
                        "is not served: " + why);
    }

    /** The settings that are refused; tests refuse each. */
    public static List<String> refusedKeys() {
        return REFUSED.keySet().stream().sorted().toList();
    }
}
