package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.standalone.config.DataOptions;
import dev.weft.standalone.config.FileOptions;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code engine plan|build FILE}. */
@Command(
        name = "engine",
        description = "Builds a TensorRT-LLM engine from a deployment file; docs/tensorrt-llm.md.",
        mixinStandardHelpOptions = true)
public final class EngineCommand implements Runnable {
    private static final int MOST_MINUTES = 7 * 24 * 60;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: engine plan FILE or engine build FILE");
    }

    @Command(
            name = "plan",
            description = {
                "Prints what engine build would run and write; for a server beside the worker",
                "(weft.relay.command), the command that the worker runs."
            },
            mixinStandardHelpOptions = true)
    void plan(@Mixin FileOptions file, @Mixin Tools tools, @Mixin DataOptions data)
            throws DeploymentException, CommandException {
        Optional<String> server =
                serverPlan(file.read(FileFolders.REPOSITORIES).deployment(), data.folder());
        out().print(server.isPresent() ? server.get() : prepare(file, tools, data).plan);
        out().flush();
    }

    private static Optional<String> serverPlan(Deployment deployment, Path data)
            throws CommandException {
        try {
            return ServerPlanText.of(deployment, data);
        } catch (IllegalStateException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    @Command(
            name = "build",
            description = {
                "Runs the plan, inside NVIDIA's image. What an interrupted build has finished is",
                "not done again."
            },
            mixinStandardHelpOptions = true)
    void build(
            @Mixin FileOptions file,
            @Mixin Tools tools,
            @Mixin DataOptions data,
            @Option(names = "--fresh", description = "Begins anew if a build was left half done.")
                    boolean fresh,
            @Option(
                            names = "--timeout",
                            paramLabel = "MINUTES",
                            defaultValue = "360",
                            description =
                                    "Longest time of one command (default: ${DEFAULT-VALUE}).")
                    long timeout)
            throws DeploymentException, CommandException, InterruptedException {
        if (timeout < 1 || timeout > MOST_MINUTES) {
            throw WrongOption.of(spec, "--timeout", timeout, "1 to " + MOST_MINUTES);
        }
        Prepared prepared = prepare(file, tools, data);
        var build =
                new EngineBuild(
                        prepared.plan, Duration.ofMinutes(timeout), this::print, Clock.systemUTC());
        build.run(() -> prepared.checkpoint.bring(this::print), fresh);
    }

    private record Prepared(EnginePlan plan, EngineCheckpoint checkpoint) {}

    private static Prepared prepare(FileOptions file, Tools tools, DataOptions data)
            throws DeploymentException, CommandException {
        EffectiveDeployment effective = file.read(FileFolders.REPOSITORIES);
        var checkpoint = new EngineCheckpoint(effective.deployment(), data.folder());
        Path folder = checkpoint.withConfig();
        try {
            ModelConfig base = ModelConfig.read(folder.resolve("config.json"));
            return new Prepared(
                    new EnginePlanner(effective, base, folder, tools).plan(), checkpoint);
        } catch (CheckpointException | IOException e) {
            throw new CommandException(
                    "the checkpoint "
                            + effective.deployment().base().checkpoint()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void print(String line) {
        out().println(line);
        out().flush();
    }
}
