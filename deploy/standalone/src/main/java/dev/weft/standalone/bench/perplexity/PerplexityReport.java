package dev.weft.standalone.bench.perplexity;

import dev.weft.standalone.bench.report.Environment;
import java.util.LinkedHashMap;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures for people and, with the names of docs/performance.md, for programs.
 *
 * @param textFile the file of the text
 * @param started ISO 8601
 */
record PerplexityReport(
        MeasuredBase base, String textFile, String started, Environment environment) {
    private static final int FORMAT = 1;

    String text() {
        return String.format(
                Locale.ROOT,
                """
                base        %s
                text        %s
                tokens      %d predicted, in pieces of at most %d
                perplexity  %.4f in bf16, on %s
                            %.4f in int8, on %s
                int8/bf16   %.4f
                """,
                base.checkpoint(),
                textFile,
                base.tokens(),
                base.window(),
                base.bf16(),
                base.kernels().bf16(),
                base.int8(),
                base.kernels().int8(),
                base.ratio());
    }

    String json() {
        var perplexity = new LinkedHashMap<String, Double>();
        perplexity.put("bf16", base.bf16());
        perplexity.put("int8", base.int8());
        var kernels = new LinkedHashMap<String, String>();
        kernels.put("bf16", base.kernels().bf16());
        kernels.put("int8", base.kernels().int8());
        var root = new LinkedHashMap<String, Object>();
        root.put("format", FORMAT);
        root.put("started", started);
        root.put("environment", environment.named());
        root.put("checkpoint", base.checkpoint());
        root.put("text", textFile);
        root.put("window", base.window());
        root.put("tokens", base.tokens());
        root.put("perplexity", perplexity);
        root.put("kernels", kernels);
        root.put("ratio", base.ratio());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
