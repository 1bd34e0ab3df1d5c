package dev.weft.standalone.bench.grammar;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How one schema was served.
 *
 * @param pointer to what was refused; null if nothing was
 * @param keyword that was refused; null if nothing was
 * @param message why; null if there is nothing to say
 * @param compileMicros until the grammar was there or refused
 * @param firstMaskMicros of the first mask, behind that; 0 if there was none
 * @param instances how the instances went
 */
record SchemaResult(
        String name,
        Verdict verdict,
        @Nullable String pointer,
        @Nullable String keyword,
        @Nullable String message,
        double compileMicros,
        double firstMaskMicros,
        InstanceCounts instances) {
    /** One word for a schema; that which comes last counts. */
    enum Verdict {
        CLEAN,
        BLOCKED,
        ACCEPTED,
        REFUSED
    }

    /**
     * Instances.
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
        line.put("pointer", pointer);
        line.put("keyword", keyword);
        line.put("compile_us", rounded(compileMicros));
        line.put("first_mask_us", rounded(firstMaskMicros));
        if (message != null) {
            line.put("message", message);
        }
        return line.toString();
    }

    private static double rounded(double micros) {
        return Math.round(micros * 10) / 10.0;
    }
}
