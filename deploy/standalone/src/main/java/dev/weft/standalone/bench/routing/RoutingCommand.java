package dev.weft.standalone.bench.routing;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench routing}. */
@Command(
        name = "routing",
        description = {
            "Simulates a fleet of workers and its traffic, and compares the gateway's choice of"
                    + " workers with round robin, least requests and consistent hashing.",
            "No server is asked; the same seed gives the same figures."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "What is simulated, and figures: docs/performance.md"})
public final class RoutingCommand implements Callable<Integer> {
    @Mixin private RoutingOptions options = new RoutingOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String fault = options.fault();
        if (!fault.isEmpty()) {
            throw new ParameterException(spec.commandLine(), fault);
        }
        new MeasuredRouting(options).print(spec.commandLine().getOut());
        return 0;
    }
}
