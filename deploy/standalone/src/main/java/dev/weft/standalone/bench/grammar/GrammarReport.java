package dev.weft.standalone.bench.grammar;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The table of a run. */
final class GrammarReport {
    private static final int MOST_REASONS = 20;
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;

    private final List<SchemaResult> results;
    private final GrammarWalk walk;

    GrammarReport(List<SchemaResult> results, GrammarWalk walk) {
        this.results = results;
        this.walk = walk;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        line(out, "schemas", "%d: %s", results.size(), verdicts());
        schemas(out);
        instances(out);
        line(out, "errors", "%d walks were given up", sum(r -> r.instances().errors()));
        line(out, "mask us", "%s", walk.masks.distribution(MICRO));
        line(out, "compile ms", "%s", walk.compiles.distribution(MILLI));
        line(out, "with mask ms", "%s", walk.untilFirstMask.distribution(MILLI));
        line(out, "heap MB", "%d after a collection", heldBytes() >> 20);
        reasons(out);
        return out.toString();
    }

    private void schemas(StringBuilder out) {
        int withInstances = sum(r -> hasInstances(r) ? 1 : 0);
        int clean = sum(r -> hasInstances(r) && is(r, SchemaResult.Verdict.CLEAN) ? 1 : 0);
        line(
                out,
                "clean",
                "%d of %d with instances = %.2f %%",
                clean,
                withInstances,
                percent(clean, withInstances));
    }

    private void instances(StringBuilder out) {
        int valid = sum(r -> r.instances().valid());
        int invalid = sum(r -> r.instances().invalid());
        int blocked = sum(r -> r.instances().blocked());
        int refused = sum(r -> is(r, SchemaResult.Verdict.REFUSED) ? r.instances().valid() : 0);
        int refusedInvalid =
                sum(r -> is(r, SchemaResult.Verdict.REFUSED) ? r.instances().invalid() : 0);
        line(
                out,
                "valid not served",
                "%d of %d = %.3f %% (refused %d, blocked %d)",
                refused + blocked,
                valid,
                percent(refused + blocked, valid),
                refused,
                blocked);
        line(
                out,
                "valid blocked",
                "%d of %d that compiled = %.3f %%",
                blocked,
                valid - refused,
                percent(blocked, valid - refused));
        line(
                out,
                "invalid accepted",
                "%d of %d that compiled",
                sum(r -> r.instances().accepted()),
                invalid - refusedInvalid);
    }

    /**
     * The bytes of reachable objects. HotSpot's serial collector leaves unreachable objects in
     * place as fillers, which count as used, and packs the whole heap only in every fourth
     * collection ({@code MarkSweepAlwaysCompactCount}).
     */
    private static long heldBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int collection = 0; collection < 4; collection++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and all callers are in this class
    private static void line(StringBuilder out, String name, String text, Object... values) {
        out.append(String.format(Locale.ROOT, "%-17s", name))
                .append(String.format(Locale.ROOT, text, values))
                .append('\n');
    }

    private static double percent(int part, int whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static boolean is(SchemaResult result, SchemaResult.Verdict verdict) {
        return result.verdict() == verdict;
    }

    private static boolean hasInstances(SchemaResult result) {
        return result.instances().valid() + result.instances().invalid() > 0;
    }

    private int sum(java.util.function.ToIntFunction<SchemaResult> of) {
        return results.stream().mapToInt(of).sum();
    }

    private String verdicts() {
        StringBuilder all = new StringBuilder();
        for (SchemaResult.Verdict verdict : SchemaResult.Verdict.values()) {
            all.append(all.isEmpty() ? "" : ", ")
                    .append(verdict.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(sum(r -> is(r, verdict) ? 1 : 0));
        }
        return all.toString();
    }

    private void reasons(StringBuilder out) {
        Map<String, Integer> reasons = new TreeMap<>();
        for (SchemaResult result : results) {
            SchemaResult.Reason reason = result.reason();
            if (reason != null && reason.keyword() != null) {
                reasons.merge(reason.keyword(), 1, Integer::sum);
            }
        }
        reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_REASONS)
                .forEach(e -> line(out, "  refused", "%d for '%s'", e.getValue(), e.getKey()));
    }
}
