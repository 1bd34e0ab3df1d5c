package dev.weft.standalone.bench.grammar;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How one schema was served.
 *
 * @param reason why it was not served; null if it was
 * @param instances how the instances went
 */
record SchemaResult(
        String name,
        Verdict verdict,
        @Nullable Reason reason,
        Times times,
        InstanceCounts instances) {
    /**
     * Why a schema was not served.
     *
     * @param pointer to what was refused; null if its grammar failed later
     * @param keyword that was refused; null likewise
     */
    record Reason(@Nullable String pointer, @Nullable String keyword) {}

    /**
     * Times in microseconds.
     *
     * @param compile until the grammar was there or refused
     * @param firstMask from then until the first mask was there or had failed; 0 if the schema was
     *     refused
     */
    record Times(double compile, double firstMask) {}

    /** The verdict on a schema; if several are true, the last of them counts. */
    enum Verdict {
        CLEAN,
        BLOCKED,
        ACCEPTED,
        REFUSED
    }

    /**
     * How many instances there were, and how their walks ended.
     *
     * @param blocked valid ones that did not get through
     * @param accepted invalid ones that did
     * @param errors walks that were given up
     */
    record InstanceCounts(int valid, int invalid, int blocked, int accepted, int errors) {}

    /** The line of the verdicts. */
    String line() {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("name", name);
        line.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
        line.put("pointer", reason == null ? null : reason.pointer);
        line.put("keyword", reason == null ? null : reason.keyword);
        line.put("compile_us", rounded(times.compile));
        line.put("first_mask_us", rounded(times.firstMask));
        return line.toString();
    }

    private static double rounded(double micros) {
        return Math.round(micros * 10) / 10.0;
    }
}
