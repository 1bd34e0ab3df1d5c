package dev.weft.standalone.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Runs as JSON; docs/performance.md has the fields. Names don't change within a format. */
public final class JsonReport {
    private static final int FORMAT = 1;

    private JsonReport() {}

    /** The whole document. */
    public static String of(RunSetting setting, List<RunFigures> runs) {
        var root = new LinkedHashMap<String, @Nullable Object>();
        root.put("format", FORMAT);
        root.put("started", setting.started());
        root.put("endpoint", Map.of("url", setting.server().url(), "api", setting.server().api()));
        root.put("environment", setting.environment().named());
        root.put("options", setting.options());
        root.put("prompts", setting.prompts());
        root.put("models", setting.models());
        root.put("notes", setting.server().notes());
        root.put("workers", setting.server().workers().stream().map(ServedBy::named).toList());
        root.put("runs", runs.stream().map(JsonReport::run).toList());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static Map<String, @Nullable Object> run(RunFigures run) {
        var node = new LinkedHashMap<String, @Nullable Object>();
        node.put("streams", run.streams());
        node.put("wall_s", run.all().seconds());
        node.put("client_cpu_s", run.clientSeconds());
        node.put("client_cores", run.clientCores());
        node.put("given_up", run.givenUp());
        node.put("warmup_errors", errors(run.warmUpErrors()));
        node.put("all", figures(run.all()));
        var perModel = new LinkedHashMap<String, @Nullable Object>();
        run.perModel().forEach((model, figures) -> perModel.put(model, figures(figures)));
        node.put("per_model", perModel);
        return node;
    }

    private static Map<String, @Nullable Object> figures(Figures figures) {
        Counts counts = figures.counts();
        var node = new LinkedHashMap<String, @Nullable Object>();
        node.put("requests", counts.requests());
        node.put("succeeded", counts.answers().count());
        node.put("failed", counts.failed());
        node.put("errors", errors(counts.errors()));
        node.put("short_answers", counts.answers().shorter());
        node.put("finish_reasons", counts.answers().finishReasons());
        node.put("output_tokens", counts.answers().tokens());
        node.put("text_events", counts.answers().textEvents());
        node.put("prompt_tokens", prompts(counts.promptTokens()));
        node.put("tokens_per_s", figures.tokensPerSecond());
        node.put("prompt_tokens_per_s", figures.promptTokensPerSecond());
        node.put("requests_per_s", figures.requestsPerSecond());
        node.put("ttft_ms", latencies(figures.firstToken()));
        node.put("inter_token_ms", latencies(figures.interToken()));
        node.put("per_output_token_ms", latencies(figures.perToken()));
        node.put("end_to_end_ms", latencies(figures.endToEnd()));
        return node;
    }

    private static @Nullable Object prompts(Counts.@Nullable PromptTokens prompts) {
        if (prompts == null) {
            return null;
        }
        var node = new LinkedHashMap<String, @Nullable Object>();
        node.put("sum", prompts.sum());
        node.put("min", prompts.min());
        node.put("mean", prompts.mean());
        node.put("max", prompts.max());
        return node;
    }

    private static Map<String, @Nullable Object> errors(Map<String, Counts.Errors> errors) {
        var node = new LinkedHashMap<String, @Nullable Object>();
        errors.forEach((kind, known) ->
                node.put(kind, Map.of("count", known.count(), "example", known.example())));
        return node;
    }

    private static @Nullable Object latencies(Optional<Latencies> times) {
        if (times.isEmpty()) {
            return null;
        }
        Latencies t = times.get();
        var node = new LinkedHashMap<String, @Nullable Object>();
        node.put("count", t.count());
        node.put("mean", t.mean());
        node.put("min", t.min());
        node.put("p50", t.p50());
        node.put("p90", t.p90());
        node.put("p99", t.p99());
        node.put("max", t.max());
        return node;
    }
}
