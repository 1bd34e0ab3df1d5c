package dev.weft.standalone.bench.routing;

import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.simulation.RoutingResult;
import dev.weft.gateway.simulation.RoutingSimulation;
import dev.weft.gateway.simulation.SimulatedFleet;
import dev.weft.settings.bind.SettingsBinder;
import dev.weft.settings.key.SettingKeys;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A simulation of routing, and its table. */
final class MeasuredRouting {
    private static final double MILLIS = 1e3;

    private final RoutingSimulation simulation;

    MeasuredRouting(RoutingOptions options) {
        SimulatedFleet fleet =
                new SimulatedFleet(
                        options.gateways,
                        options.workers,
                        options.adapters,
                        new SimulatedFleet.Worker(
                                options.slots,
                                options.hosted,
                                options.rows,
                                SimulatedFleet.Times.DEFAULT));
        simulation =
                new RoutingSimulation(
                        fleet,
                        new RoutingSimulation.Traffic(
                                options.load,
                                options.zipf,
                                options.burst,
                                options.promptTokens,
                                options.answerTokens,
                                Duration.ofMinutes(options.minutes),
                                options.seed),
                        usual());
    }

    /** The settings that apply if a deployment file has none. */
    private static RoutingSettings usual() {
        List<Class<?>> records = List.of(RoutingSettings.class);
        Path folder = Path.of("").toAbsolutePath();
        return new SettingsBinder(SettingKeys.of(records), List.of(), folder)
                .read(records)
                .get(RoutingSettings.class);
    }

    /**
     * Runs all ways of routing. Prints the line of each when its result and those above are known.
     */
    void print(PrintWriter out) {
        out.printf(Locale.ROOT, "%.0f requests/s%n", simulation.requestsPerSecond());
        out.printf(
                "%-20s %9s %9s %9s %9s %9s %9s %9s %9s%n",
                "first token, ms",
                "p50",
                "p95",
                "p99",
                "cold",
                "reloads",
                "ahead",
                "evicted",
                "requests");
        out.flush();
        simulation.run(result -> line(out, result));
    }

    private static void line(PrintWriter out, RoutingResult result) {
        RoutingResult.FirstToken firstToken = result.firstToken();
        out.printf(
                Locale.ROOT,
                "%-20s %9.0f %9.0f %9.0f %9d %9d %9d %9d %9d%n",
                result.policy(),
                firstToken.p50() * MILLIS,
                firstToken.p95() * MILLIS,
                firstToken.p99() * MILLIS,
                result.cold(),
                result.reloads(),
                result.ahead(),
                result.evictions(),
                result.requests());
        out.flush();
    }
}
