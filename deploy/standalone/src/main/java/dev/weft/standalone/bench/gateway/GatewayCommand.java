package dev.weft.standalone.bench.gateway;

import dev.weft.standalone.config.FileOptions;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import dev.weft.standalone.http.OfUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench gateway}. */
@Command(
        name = "gateway",
        description = {
            "Measures what a gateway adds to chats of 2 KB with streams of 64 events, before"
                + " workers that answer at once: nothing and a bare route of Spring Cloud Gateway"
                + " before one, and Weft's gateway with keys, limits, usage and routing before"
                + " several that tell their states.",
            "Exit code 1 if a request failed. Let nothing else run: load and worker share the"
                    + " machine with what is measured."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "What the figures mean: docs/performance.md"})
public final class GatewayCommand implements Callable<Integer> {
    private static final int MOST_PORT = 65_535;

    private static final Duration LEAD = Duration.ofSeconds(1);

    @Option(
            names = "--rate",
            paramLabel = "N[,N...]",
            hideParamSyntax = true,
            split = ",",
            defaultValue = "500,2000",
            description = "Requests per second, due at even intervals (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of(500, 2_000);

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Length of a run (default: ${DEFAULT-VALUE}).")
    private int seconds = 15;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "40",
            description =
                    "Seconds at the first rate before anything is measured, each (default:"
                            + " ${DEFAULT-VALUE}).")
    private int warmUp = 40;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each at each rate, in turn (default: ${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(
            names = "--redis",
            paramLabel = "URL",
            description = "Measures a further gateway of Weft, which counts limits there.")
    private @Nullable String redis;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Workers that Weft's gateway chooses from (default: ${DEFAULT-VALUE}).")
    private int workers = 4;

    @Option(
            names = "--worker-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the first worker, for what stands beside (default: a free one).")
    private int workerPort;

    @Option(
            names = "--beside",
            paramLabel = "URL",
            converter = OfUrl.class,
            description =
                    "Measures another gateway, too, which has the model sql at that worker. Its CPU"
                            + " is not seen.")
    private @Nullable URI beside;

    @Option(names = "--beside-key", paramLabel = "KEY", description = "A key that it asks for.")
    private @Nullable String besideKey;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, IOException, InterruptedException {
        boolean isRight =
                seconds >= 1
                        && warmUp >= 0
                        && rounds >= 1
                        && workers >= 1
                        && rates.stream().allMatch(r -> r >= 1);
        if (!isRight) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rate, --seconds, --rounds and --workers are 1 or more, --warm-up 0 or more");
        }
        if (workerPort < 0 || workerPort + workers - 1 > MOST_PORT) {
            throw WrongOption.of(
                    spec,
                    "--worker-port",
                    workerPort,
                    "0 to %d for %d workers".formatted(MOST_PORT - workers + 1, workers));
        }
        Path folder = Files.createTempDirectory("weft-bench-gateway");
        Path sample = FileOptions.samples().resolve("weft-tiny").toAbsolutePath().normalize();
        PrintWriter out = spec.commandLine().getOut();
        boolean failed = false;
        var more = new MeasuredGateways.More(workers, workerPort, redis, beside, besideKey);
        try (MeasuredGateways gateways = new MeasuredGateways(folder, sample, more)) {
            for (MeasuredGateways.Way way : gateways.ways()) {
                way.load().run(rates.getFirst(), Duration.ofSeconds(warmUp));
            }
            out.printf(
                    "%-12s %9s %9s %9s %9s %12s %9s %9s%n",
                    "", "rate", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms/req", "RSS MB", "failed");
            for (int rate : rates) {
                for (int round = 0; round < rounds; round++) {
                    for (MeasuredGateways.Way way : gateways.ways()) {
                        failed |= measure(way, rate, out);
                    }
                }
            }
        }
        return failed ? 1 : 0;
    }

    /** True if a request failed. */
    private boolean measure(MeasuredGateways.Way way, int rate, PrintWriter out)
            throws InterruptedException {
        way.load().run(rate, LEAD); // connections were closed while others were measured
        MeasuredProcess process = way.process();
        double before = process == null ? 0 : process.cpuSeconds();
        OpenLoop.Result result = way.load().run(rate, Duration.ofSeconds(seconds));
        double cpu = process == null ? 0 : process.cpuSeconds() - before;
        out.printf(
                Locale.ROOT,
                "%-12s %9d %9.2f %9.2f %9.2f %12.3f %9d %9d%s%n",
                way.name(),
                rate,
                result.millis(0.5),
                result.millis(0.99),
                result.millis(0.999),
                1e3 * cpu / result.requests(),
                process == null ? 0 : process.megabytes(),
                result.failed(),
                result.failure().isEmpty() ? "" : "  " + result.failure());
        out.flush();
        return result.failed() > 0;
    }
}
