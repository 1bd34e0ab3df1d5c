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
                                    %.4f in bf16 with the KV cache in int8
                        int8/bf16   %.4f
                        KV cache    %.4f, int8/bf16
                        """,
                        base.checkpoint(),
                        textFile,
                        base.tokens(),
                        base.window(),
                        base.perplexity().bf16(),
                        base.kernels().bf16(),
                        base.perplexity().int8(),
                        base.kernels().int8(),
                        base.perplexity().int8Cache(),
                        base.perplexity().ratio(),
                        base.perplexity().cacheRatio())
                + dequantised();
    }

    private String dequantised() {
        MeasuredBase.Values values = base.perplexity();
        return values.dequantised().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        """
                        4 bits      %.4f of %.4f with these dequantised to floats
                        """,
                        values.dequantisedRatio().getAsDouble(),
                        values.dequantised().getAsDouble());
    }

    String json() {
        var perplexity = new LinkedHashMap<String, Double>();
        perplexity.put("bf16", base.perplexity().bf16());
        perplexity.put("int8", base.perplexity().int8());
        perplexity.put("int8_cache", base.perplexity().int8Cache());
        base.perplexity().dequantised().ifPresent(value -> perplexity.put("dequantised", value));
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
        root.put("ratio", base.perplexity().ratio());
        root.put("cache_ratio", base.perplexity().cacheRatio());
        base.perplexity()
                .dequantisedRatio()
                .ifPresent(value -> root.put("dequantised_ratio", value));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
