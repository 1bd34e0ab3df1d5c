package dev.weft.format.lora.config;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PEFT before 0.15 reads in {@code rank_pattern} and {@code alpha_pattern}. A key matches
 * behind a dot alone, and a path that no key matches is a key itself. PEFT before 0.14 looks up one
 * key for both patterns ({@code _create_and_replace} in its tuners/lora/model.py), 0.14 one for
 * each ({@code get_pattern_key}).
 */
final class OlderPatterns {
    /** The version from which on patterns mean what they mean here. */
    private static final int SINCE = 15;

    private final PeftConfig config;
    private final PythonPattern.Budget budget;
    private final Map<String, Value> ranks;
    private final Map<String, Value> alphas;

    private record Value(PythonPattern pattern, double value) {}

    /** Rank and scale of a module. */
    private record Reading(int rank, double scale) {}

    /** How a version reads the patterns. */
    private enum Lookup {
        JOINT,
        APART
    }

    private OlderPatterns(PeftConfig config, PythonPattern.Budget budget) {
        this.config = config;
        this.budget = budget;
        this.ranks = values(config.sizes().rankPattern());
        this.alphas = values(config.sizes().alphaPattern());
    }

    /** By their keys, in the file's order. */
    private static Map<String, Value> values(PatternValues pattern) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (PatternValues.Entry entry : pattern.entries()) {
            String expression = TargetReader.huggingFaceName(entry.key());
            PythonPattern older = PythonPattern.compile(".*\\.", expression, "$");
            values.put(entry.key(), new Value(older, entry.value()));
        }
        return values;
    }

    /**
     * Warns of a file that an older version may have written and reads with other scales. A version
     * that reads other ranks did not write it, since the tensors have these.
     *
     * @param rows of all modules that are targeted, by their paths
     */
    static void check(PeftConfig config, Map<String, PeftConfig.Row> rows, Reasons reasons) {
        boolean may =
                !config.origin().writtenBy().isSince(SINCE)
                        && !config.sizes().alphaPattern().entries().isEmpty();
        if (!may) {
            return; // scales follow from the ranks alone
        }
        OlderPatterns older;
        try {
            older = new OlderPatterns(config, new PythonPattern.Budget(TargetResolution.STEPS));
        } catch (PythonPattern.InvalidPatternException e) {
            return; // they can't read a key: none of them wrote it
        }
        for (Lookup lookup : Lookup.values()) {
            String differs = older.difference(lookup, rows);
            if (differs != null) {
                warn(differs, reasons);
                return;
            }
        }
    }

    /** The first module whose scale differs; null if there is none, or if a rank differs. */
    private @Nullable String difference(Lookup lookup, Map<String, PeftConfig.Row> rows) {
        String found = null;
        for (Map.Entry<String, PeftConfig.Row> entry : rows.entrySet()) {
            PeftConfig.Row row = entry.getValue();
            Reading reading = reading(lookup, entry.getKey());
            if (reading.rank != row.rank()) {
                return null;
            }
            if (found == null && reading.scale != row.scale()) {
                found =
                        "%s: scale %s before PEFT 0.%d, %s since"
                                .formatted(
                                        entry.getKey(),
                                        reading.scale,
                                        lookup == Lookup.JOINT ? SINCE - 1 : SINCE,
                                        row.scale());
            }
        }
        return found;
    }

    private Reading reading(Lookup lookup, String path) {
        String rankKey = first(ranks, path);
        String alphaKey = first(alphas, path);
        if (lookup == Lookup.JOINT) {
            rankKey = rankKey != null ? rankKey : alphaKey;
            alphaKey = rankKey;
        }
        Value rank = ranks.get(rankKey != null ? rankKey : path);
        Value alpha = alphas.get(alphaKey != null ? alphaKey : path);
        int r = rank != null ? (int) rank.value : config.sizes().rank();
        double a = alpha != null ? alpha.value : config.sizes().alpha();
        return new Reading(r, config.scale(a, r));
    }

    private @Nullable String first(Map<String, Value> pattern, String path) {
        for (Map.Entry<String, Value> entry : pattern.entrySet()) {
            if (entry.getValue().pattern.matchesStart(path, budget)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private static void warn(String differs, Reasons reasons) {
        reasons.warn(
                LoraFault.AMBIGUOUS_PATTERN,
                at("alpha_pattern"),
                differs,
                "patterns that all versions read alike, or a %s from 0.%d on"
                        .formatted(PeftVersion.FIELD, SINCE),
                "is read as PEFT from 0.%d on does; older versions read it differently, and the file"
                                .formatted(SINCE)
                        + " does not say which one wrote it");
    }
}
