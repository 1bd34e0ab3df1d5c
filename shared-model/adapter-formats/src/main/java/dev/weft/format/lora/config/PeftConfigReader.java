package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.protocol.adapter.AdapterTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads adapter_config.json as PEFT 0.21 does (LoraConfig), and names every setting that can't be
 * served. There is a result if rank, alpha, targets and patterns could be read, so that the tensors
 * can be checked against them even if the adapter is refused for other settings.
 */
public final class PeftConfigReader {
    public static final String INVOCATION = "alora_invocation_tokens";

    /** Longer ones would make the search for them in long prompts slow. */
    private static final int MOST_INVOCATION = 256;

    private static final int DEFAULT_RANK = 8;
    private static final double DEFAULT_ALPHA = 8;

    private final ConfigFields fields;
    private final Reasons reasons;
    private final PatternBound bound = new PatternBound();

    public PeftConfigReader(ObjectNode json, Reasons reasons) {
        this.fields = new ConfigFields(json, reasons);
        this.reasons = reasons;
    }

    public Optional<PeftConfig> read() {
        UnservedSettings.check(fields);
        OptionalInt rank = fields.integer("r", DEFAULT_RANK);
        if (rank.isPresent() && rank.getAsInt() < 1) {
            refuseRank("r", rank.getAsInt());
            rank = OptionalInt.empty();
        }
        OptionalDouble alpha = fields.number("lora_alpha", DEFAULT_ALPHA);
        PeftConfig.Variant variant = variant();
        Optional<ModuleSelection.Targets> targets = new TargetReader(fields).read();
        Optional<PatternValues> ranks = patterns("rank_pattern", true);
        Optional<PatternValues> alphas = patterns("alpha_pattern", false);
        DeclaredTask task = DeclaredTask.read(fields);
        Optional<WholeModules> whole = WholeModules.read(fields).map(it -> it.of(task.kind()));
        Optional<List<Integer>> invocation = invocation(task);
        invocation.ifPresent(tokens -> refuseBoth(tokens, variant));
        String base = fields.text("base_model_name_or_path").orElse(null);
        PeftConfig.Origin origin = new PeftConfig.Origin(base, PeftVersion.read(fields));
        if (rank.isEmpty()
                || alpha.isEmpty()
                || targets.isEmpty()
                || ranks.isEmpty()
                || alphas.isEmpty()
                || whole.isEmpty()
                || invocation.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new PeftConfig(
                        new PeftConfig.Sizes(
                                rank.getAsInt(), alpha.getAsDouble(), ranks.get(), alphas.get()),
                        variant,
                        targets.get(),
                        whole.get(),
                        invocation.get(),
                        task,
                        origin));
    }

    private Optional<List<Integer>> invocation(DeclaredTask task) {
        JsonNode node = fields.value(INVOCATION);
        if (node == null || ConfigFields.isUnset(node)) {
            return Optional.of(List.of());
        }
        if (task.kind() != AdapterTask.CAUSAL_LM) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    at(INVOCATION),
                    node.toString(),
                    "none with " + DeclaredTask.TYPE + " " + task.kind(),
                    "is not served: an invocation is for adapters that make text");
            return Optional.empty();
        }
        if (!node.isArray() || node.size() > MOST_INVOCATION) {
            fields.wrong(INVOCATION, node, "a list of up to " + MOST_INVOCATION + " token ids");
            return Optional.empty();
        }
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode element : node) {
            OptionalInt token = fields.integer(INVOCATION, element);
            if (token.isEmpty()) {
                return Optional.empty();
            }
            tokens.add(token.getAsInt());
        }
        return Optional.of(tokens);
    }

    private PeftConfig.Variant variant() {
        boolean bias = fields.flag("lora_bias");
        boolean dora = fields.flag("use_dora");
        if (bias && dora) {
            reasons.refuse(
                    LoraFault.INVALID_VALUE,
                    at("lora_bias"),
                    "true, with use_dora",
                    "one of both",
                    "does not go with DoRA, as in PEFT");
        }
        return new PeftConfig.Variant(fields.flag("use_rslora"), bias, dora);
    }

    private void refuseBoth(List<Integer> invocation, PeftConfig.Variant variant) {
        if (variant.dora() && !invocation.isEmpty()) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    at(INVOCATION),
                    invocation + ", with use_dora",
                    "one of both",
                    "does not go with DoRA, as in PEFT");
        }
    }

    private Optional<PatternValues> patterns(String key, boolean ranks) {
        JsonNode node = fields.value(key);
        if (node == null) {
            return Optional.of(new PatternValues(List.of()));
        }
        if (!node.isObject()) {
            fields.wrong(key, node, "an object of expressions and numbers");
            return Optional.empty();
        }
        List<PatternValues.Entry> entries = new ArrayList<>();
        for (var property : node.properties()) {
            String place = key + "." + property.getKey();
            OptionalDouble value = patternValue(place, property.getValue(), ranks);
            Optional<PythonPattern> pattern = compile(place, property.getKey());
            if (pattern.isPresent() && !bound.takes(pattern.get())) {
                refuseMany(key, node);
                return Optional.empty();
            }
            if (value.isPresent() && pattern.isPresent()) {
                double number = value.getAsDouble();
                entries.add(new PatternValues.Entry(property.getKey(), pattern.get(), number));
            }
        }
        boolean whole = entries.size() == node.size();
        return whole ? Optional.of(new PatternValues(entries)) : Optional.empty();
    }

    private OptionalDouble patternValue(String place, JsonNode node, boolean rank) {
        if (!rank) {
            return fields.number(place, node);
        }
        OptionalInt value = fields.integer(place, node);
        if (value.isPresent() && value.getAsInt() < 1) {
            refuseRank(place, value.getAsInt());
            return OptionalDouble.empty();
        }
        return value.isPresent() ? OptionalDouble.of(value.getAsInt()) : OptionalDouble.empty();
    }

    private Optional<PythonPattern> compile(String place, String key) {
        try {
            return Optional.of(PatternValues.compile(key));
        } catch (PythonPattern.InvalidPatternException e) {
            reasons.refuse(
                    LoraFault.INVALID_PATTERN,
                    at(place),
                    key,
                    "a regular expression of Python's re",
                    String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void refuseMany(String key, JsonNode node) {
        reasons.refuse(
                LoraFault.INVALID_PATTERN,
                at(key),
                node.size() + " expressions",
                "up to %d expressions of %d characters together in rank_pattern and alpha_pattern"
                                .formatted(PatternBound.MOST, PatternBound.MOST_CHARACTERS)
                        + ", of which each choice and each group takes 20",
                "holds more than is read");
    }

    private void refuseRank(String key, int rank) {
        reasons.refuse(
                LoraFault.INVALID_RANK,
                at(key),
                String.valueOf(rank),
                "1 or more",
                "is not a valid rank");
    }
}
