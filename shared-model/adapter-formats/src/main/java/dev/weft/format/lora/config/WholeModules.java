package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.protocol.adapter.AdapterTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a configuration changes besides {@code target_modules}: {@code modules_to_save}, {@code
 * trainable_token_indices} and {@code target_parameters}, by the rules of PEFT 0.21 ({@code
 * set_additional_trainable_modules}, {@code _inject_parameters}).
 *
 * @param names {@code modules_to_save}: ends of modules' names
 * @param indices {@code trainable_token_indices}: tokens by an end of their module's name
 * @param parameters {@code target_parameters}: ends of parameters' names
 * @param tie {@code ensure_weight_tying}: a target among tied edges changes both
 * @param sameBase {@code weft_same_base}: copies of the base's edges must equal the base's. No tool
 *     that trains writes it; the catalog does for a base whose embedding and head stay as they are
 */
public record WholeModules(
        List<String> names,
        Map<String, List<Integer>> indices,
        List<String> parameters,
        boolean tie,
        boolean sameBase) {
    private static final int MOST_NAMES = 1_000;

    public static final String PARAMETERS = "target_parameters";
    public static final String SAVED = "modules_to_save";
    public static final String TOKENS = "trainable_token_indices";

    public static final String TIE = "ensure_weight_tying";
    public static final String SAME_BASE = "weft_same_base";

    private static final String INDICES = "a list of token ids, or such lists by module";

    /** The heads of labels, which PEFT adds to {@code modules_to_save} itself. */
    private static final Set<String> HEADS = Set.of("score", "classifier");

    public WholeModules {
        names = List.copyOf(names);
        Map<String, List<Integer>> ordered = new LinkedHashMap<>();
        indices.forEach((name, ids) -> ordered.put(name, List.copyOf(ids)));
        indices = Collections.unmodifiableMap(ordered);
        parameters = List.copyOf(parameters);
    }

    /** Reads the settings; empty, with a reason, if a value has a wrong type. */
    static Optional<WholeModules> read(ConfigFields fields) {
        Optional<List<String>> names = names(fields, SAVED);
        Optional<Map<String, List<Integer>>> indices = indices(fields);
        Optional<List<String>> parameters = names(fields, PARAMETERS);
        if (names.isEmpty() || indices.isEmpty() || parameters.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new WholeModules(
                        names.get(),
                        indices.get(),
                        parameters.get(),
                        fields.flag(TIE),
                        fields.flag(SAME_BASE)));
    }

    /** The modules without the heads that belong to the task. */
    WholeModules of(AdapterTask task) {
        return task == AdapterTask.SEQ_CLS
                ? new WholeModules(
                        names.stream().filter(name -> !HEADS.contains(name)).toList(),
                        indices,
                        parameters,
                        tie,
                        sameBase)
                : this;
    }

    private static Optional<List<String>> names(ConfigFields fields, String key) {
        JsonNode node = fields.value(key);
        if (node == null || ConfigFields.isUnset(node)) {
            return Optional.of(List.of());
        }
        if (!node.isArray() || node.size() > MOST_NAMES) {
            fields.wrong(key, node, "a list of up to " + MOST_NAMES + " names");
            return Optional.empty();
        }
        return fields.texts(key, node);
    }

    private static Optional<Map<String, List<Integer>>> indices(ConfigFields fields) {
        JsonNode node = fields.value(TOKENS);
        if (node == null || ConfigFields.isUnset(node)) {
            return Optional.of(Map.of());
        }
        Map<String, List<Integer>> indices = new LinkedHashMap<>();
        if (node.isArray()) {
            ids(fields, TOKENS, node).ifPresent(ids -> indices.put("embed_tokens", ids));
            return indices.isEmpty() ? Optional.empty() : Optional.of(indices);
        }
        if (!node.isObject()) {
            fields.wrong(TOKENS, node, INDICES);
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            ids(fields, TOKENS + "." + entry.getKey(), entry.getValue())
                    .ifPresent(ids -> indices.put(entry.getKey(), ids));
        }
        return indices.size() == node.size() ? Optional.of(indices) : Optional.empty();
    }

    private static Optional<List<Integer>> ids(ConfigFields fields, String key, JsonNode node) {
        if (!node.isArray() || node.isEmpty()) {
            fields.wrong(key, node, INDICES);
            return Optional.empty();
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode value : node) {
            OptionalInt id = fields.integer(key, value);
            if (id.isEmpty()) {
                return Optional.empty();
            }
            ids.add(id.getAsInt());
        }
        return Optional.of(ids);
    }

    /**
     * The norms and edges that are saved. A linear layer is refused by name; a name of no module is
     * ignored with a warning.
     *
     * @param edges of the model that PEFT wrapped
     */
    public Set<TensorPlace> saved(DecoderShape base, List<Edge> edges, Reasons reasons) {
        Set<TensorPlace> saved = new LinkedHashSet<>();
        List<String> linears = ModulePath.all(base).stream().map(ModulePath::text).toList();
        for (String name : names) {
            int before = saved.size();
            boolean refused = refuseLinear(name, linears, reasons);
            edges.stream().filter(edge -> edge.text().endsWith(name)).forEach(saved::add);
            base.around().norms().keySet().stream()
                    .filter(norm -> norm.endsWith(name))
                    .map(NormPath::new)
                    .forEach(saved::add);
            if (saved.size() == before && !refused) {
                reasons.warn(
                        LoraFault.IGNORED_SETTING,
                        at(SAVED),
                        name,
                        "norms, embed_tokens or lm_head",
                        "names no module of the base that could be saved");
            }
        }
        return saved;
    }

    private static boolean refuseLinear(String name, List<String> linears, Reasons reasons) {
        Optional<String> linear =
                linears.stream().filter(module -> module.endsWith(name)).findFirst();
        linear.ifPresent(module ->
                reasons.refuse(
                        LoraFault.UNSUPPORTED_SETTING,
                        at(SAVED),
                        name,
                        "norms, embed_tokens and lm_head",
                        "is not served: it replaces " + module + " as a whole"));
        return linear.isPresent();
    }

    /**
     * The tokens whose rows are replaced, by edge. A tied head with the embedding's tokens is left
     * out, since it shares their rows.
     */
    public Map<Edge, List<Integer>> tokens(DecoderShape base, Reasons reasons) {
        Map<Edge, List<Integer>> tokens = new EnumMap<>(Edge.class);
        Set<Edge> named = EnumSet.noneOf(Edge.class);
        indices.forEach((name, ids) -> {
            Optional<Edge> edge =
                    Arrays.stream(Edge.values()).filter(it -> it.text().endsWith(name)).findFirst();
            if (edge.isEmpty()) {
                refuseTokens(
                        reasons, name, "embed_tokens or lm_head", "is not a module with tokens");
            } else if (!named.add(edge.get())) {
                refuseTokens(reasons, name, "each module once", "names one module twice");
            } else if (areTokens(ids, base, reasons)) {
                tokens.put(edge.get(), ids);
            }
        });
        List<Integer> embedding = tokens.get(Edge.EMBEDDING);
        if (base.around().tied() && embedding != null) {
            tokens.remove(Edge.HEAD, embedding);
        }
        return tokens;
    }

    private static boolean areTokens(List<Integer> ids, DecoderShape base, Reasons reasons) {
        int last = base.around().tokens() - 1;
        Set<Integer> seen = new HashSet<>();
        for (int id : ids) {
            if (id < 0 || id > last) {
                refuseTokens(reasons, "" + id, "0 to " + last, "is not a token of the base");
                return false;
            }
            if (!seen.add(id)) {
                refuseTokens(reasons, "" + id, "each token once", "names a token twice");
                return false;
            }
        }
        return true;
    }

    private static void refuseTokens(Reasons reasons, String found, String allowed, String why) {
        reasons.refuse(LoraFault.INVALID_VALUE, at(TOKENS), found, allowed, why);
    }
}
