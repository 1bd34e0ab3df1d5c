package dev.weft.standalone.bench;

import dev.weft.standalone.bench.gateway.GatewayCommand;
import dev.weft.standalone.bench.grammar.GrammarCommand;
import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.bench.load.ModelSelection;
import dev.weft.standalone.bench.perplexity.PerplexityCommand;
import dev.weft.standalone.bench.report.Environment;
import dev.weft.standalone.bench.report.JsonReport;
import dev.weft.standalone.bench.report.ReportFile;
import dev.weft.standalone.bench.report.RunFigures;
import dev.weft.standalone.bench.report.RunSetting;
import dev.weft.standalone.bench.report.TextReport;
import dev.weft.standalone.bench.routing.RoutingCommand;
import dev.weft.standalone.bench.run.Extent;
import dev.weft.standalone.bench.run.Probe;
import dev.weft.standalone.bench.run.Runs;
import dev.weft.standalone.bench.run.Understood;
import dev.weft.standalone.bench.stream.Endpoint;
import dev.weft.standalone.bench.synthetic.SyntheticAdaptersCommand;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import dev.weft.standalone.http.ApiKeyOption;
import dev.weft.standalone.http.CommandClients;
import dev.weft.standalone.http.GatewayOption;
import dev.weft.standalone.http.OfUrl;
import dev.weft.standalone.output.Printed;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench [URL]}. */
@Command(
        name = "bench",
        description = {
            "Sends streamed requests to a server with OpenAI's interface and measures the answers"
                    + " by its own clock.",
            "Exit code 1 if a request failed."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            SyntheticAdaptersCommand.class,
            PerplexityCommand.class,
            GrammarCommand.class,
            RoutingCommand.class,
            GatewayCommand.class
        },
        footer = {
            "",
            "Also, with JMH: weft bench kernels (of the embedded engine), weft bench triton (a"
                    + " token's way), weft bench feed (the catalog's), weft bench lookups (what a"
                    + " gateway looks up for a request).",
            "Beside llama.cpp, and at each level of this processor: weft bench compare --help",
            "Before a vLLM: weft bench relay --help",
            "What the figures mean, and the fields of --json: docs/performance.md"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int MOST_STREAMS = 4096;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "URL",
            defaultValue = GatewayOption.USUAL,
            converter = OfUrl.class,
            description = "Address of the server (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create(GatewayOption.USUAL);

    @Option(
            names = "--streams",
            paramLabel = "N[,N...]",
            hideParamSyntax = true,
            split = ",",
            defaultValue = "1",
            description =
                    "Requests at once; each stream sends its next one when its last answer is over."
                            + " Several numbers run one after the other (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<Integer> streams = new ArrayList<>();

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests of a run (default: 8 for each stream, or as --duration says).")
    private @Nullable Long requests;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = OptionTypes.OfDuration.class,
            description =
                    "Sends no more after this time, e.g. 30s; answers under way are waited for.")
    private @Nullable Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Requests before a run that don't count (default: 2 for each stream).")
    private @Nullable Integer warmUp;

    @Mixin private LoadOptions load = new LoadOptions();

    @Mixin private ApiKeyOption apiKey = new ApiKeyOption();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2m",
            converter = OptionTypes.OfDuration.class,
            description = "Longest wait for a whole answer (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(2);

    @Mixin private WorkerOptions workers = new WorkerOptions();

    @Mixin private ReportFile json = new ReportFile();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, InterruptedException {
        check();
        try (var endpoint = new Endpoint(url, apiKey.key(), timeout, CommandClients.client())) {
            List<String> models = models(endpoint);
            Understood understood =
                    new Probe(endpoint, models.getFirst()).ask(load.fields(), load.form());
            RunSetting setting =
                    setting(endpoint, models, understood, workers.find(endpoint.address()));
            print(TextReport.head(setting));
            var runs = new ArrayList<RunFigures>();
            Runs all =
                    new Runs(
                            endpoint,
                            load(models, understood),
                            new Extent(requests, duration),
                            warmUp,
                            spec.commandLine().getErr());
            for (int n : streams) {
                RunFigures run = RunFigures.of(all.run(n), models);
                runs.add(run);
                print(TextReport.run(run));
                json.write(JsonReport.of(setting, runs));
            }
            return runs.stream().anyMatch(RunFigures::failed) ? 1 : 0;
        }
    }

    private void check() {
        for (int n : streams) {
            if (n < 1 || n > MOST_STREAMS) {
                throw WrongOption.of(spec, "--streams", n, "1 to " + MOST_STREAMS);
            }
        }
        if (requests != null && requests < 1) {
            throw WrongOption.of(spec, "--requests", requests, "1 or more");
        }
        if (warmUp != null && warmUp < 0) {
            throw WrongOption.of(spec, "--warmup", warmUp, "0 or more");
        }
        load.check();
    }

    private List<String> models(Endpoint endpoint) throws CommandException {
        ModelSelection selection = load.models();
        // a server that lists no models may still serve the named ones
        return selection.isExplicit() ? selection.items() : selection.of(endpoint.models());
    }

    private Load load(List<String> models, Understood understood) {
        return new Load(
                new Load.Models(models, load.popularity()),
                understood.prompts(),
                new Load.Lengths(load.promptTokens(), load.outputTokens()),
                understood.fields(),
                load.seed());
    }

    private RunSetting setting(
            Endpoint endpoint,
            List<String> models,
            Understood understood,
            WorkerOptions.Found engines) {
        var notes = new ArrayList<>(understood.notes());
        notes.addAll(engines.notes());
        Map<String, @Nullable Object> options = load.named(understood.fields());
        options.put("streams", streams);
        options.put("requests", requests);
        options.put("duration", duration == null ? null : duration.toString());
        options.put("warmup", warmUp);
        options.put("timeout", timeout.toString());
        return new RunSetting(
                Clock.systemUTC().instant().toString(),
                new RunSetting.Server(
                        endpoint.address().toString(),
                        understood.fields().api().name().toLowerCase(Locale.ROOT),
                        engines.engines(),
                        notes),
                options,
                models,
                understood.prompts().text(),
                Environment.here(spec.root().version()[0].replace("weft ", "")));
    }

    private void print(String text) {
        Printed.text(spec, text);
    }
}
