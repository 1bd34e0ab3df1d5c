package dev.weft.standalone.bench.report;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs as a table for people. */
public final class TextReport {
    private static final int MOST_MODELS = 32;
    private static final String HEADER =
            "%-24s %8s %9s %7s   %-23s   %-23s   %-26s%n"
                    .formatted(
                            "",
                            "requests",
                            "tokens/s",
                            "req/s",
                            "TTFT ms 50/90/99 %",
                            "inter-token ms",
                            "end to end ms");

    private TextReport() {}

    /** The text before the first run, which says what is measured. */
    public static String head(RunSetting setting) {
        var text = new StringBuilder();
        line(text, "endpoint  %s, %s", setting.server().url(), setting.server().api());
        line(
                text,
                "prompts   %s, %s tokens, %s shared",
                setting.prompts(),
                setting.option("prompt_tokens"),
                setting.option("shared_prefix"));
        line(
                text,
                "answers   %s tokens, temperature %s, seed %s",
                setting.option("output_tokens"),
                setting.option("temperature"),
                setting.option("seed"));
        line(text, "models    %d, %s", setting.models().size(), setting.option("popularity"));
        Environment here = setting.environment();
        line(text, "client    %d cores, %s, Java %s", here.cores(), here.cpu(), here.java());
        setting.server().workers().forEach(worker -> line(text, "engine    %s", worker.text()));
        setting.server().notes().forEach(note -> line(text, "note      %s", note));
        return text.toString();
    }

    /** The text of one run. */
    public static String run(RunFigures run) {
        var text = new StringBuilder("\n");
        Counts counts = run.all().counts();
        line(
                text,
                "%d %s: %d requests in %.2f s, %d failed, %d answers shorter than asked for",
                run.streams(),
                run.streams() == 1 ? "stream" : "streams",
                counts.requests(),
                run.all().seconds(),
                counts.failed(),
                counts.answers().shorter());
        if (counts.answers().count() > 0) {
            line(text, "%s", prompts(run.all()));
        }
        line(text, "the client used %.2f cores", run.clientCores());
        errors(text, "failed", counts.errors());
        errors(text, "failed in the warm-up", run.warmUpErrors());
        if (run.givenUp()) {
            line(text, "given up: too many requests in a row failed");
        }
        text.append(HEADER);
        row(text, "all", run.all());
        if (run.perModel().size() > 1) {
            run.perModel().entrySet().stream()
                    .limit(MOST_MODELS)
                    .forEach(model -> row(text, model.getKey(), model.getValue()));
        }
        if (run.perModel().size() > MOST_MODELS) {
            line(text, "... and %d more, in --json", run.perModel().size() - MOST_MODELS);
        }
        return text.toString();
    }

    private static String prompts(Figures all) {
        Counts.PromptTokens prompts = all.counts().promptTokens();
        return prompts == null
                ? "the server does not count tokens: an event with text is taken for one"
                : String.format(
                        Locale.ROOT,
                        "the server counted %d..%d tokens in a prompt (mean %.1f, %.0f tokens/s)",
                        prompts.min(),
                        prompts.max(),
                        prompts.mean(),
                        all.promptTokensPerSecond());
    }

    private static void errors(StringBuilder text, String what, Map<String, Counts.Errors> errors) {
        errors.forEach((kind, known) ->
                line(text, "%s: %d x %s, e.g. %s", what, known.count(), kind, known.example()));
    }

    private static void row(StringBuilder text, String name, Figures figures) {
        line(
                text,
                "%-24s %8d %9.1f %7.2f   %-23s   %-23s   %-26s",
                name,
                figures.counts().requests(),
                figures.tokensPerSecond(),
                figures.requestsPerSecond(),
                percentiles(figures.firstToken()),
                percentiles(figures.interToken()),
                percentiles(figures.endToEnd()));
    }

    private static String percentiles(Optional<Latencies> times) {
        return times.map(t ->
                        String.format(Locale.ROOT, "%.1f / %.1f / %.1f", t.p50(), t.p90(), t.p99()))
                .orElse("-");
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and all callers are above
    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
