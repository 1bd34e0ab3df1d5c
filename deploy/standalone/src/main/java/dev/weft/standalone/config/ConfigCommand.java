package dev.weft.standalone.config;

import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.standalone.failure.CommandException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code config show FILE [--json | --effective]}. */
@Command(
        name = "config",
        description = "Shows what a deployment file amounts to.",
        mixinStandardHelpOptions = true)
public final class ConfigCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: config show FILE");
    }

    @Command(
            name = "show",
            description = "Prints the effective deployment: every value, and where it came from.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin FileOptions file,
            @Option(names = "--json", description = "As JSON, with the key names of the file.")
                    boolean json,
            @Option(
                            names = "--effective",
                            description =
                                    "Also what the values come to on this machine: the kernels that"
                                            + " the embedded engine takes, by precision and shape.")
                    boolean onThisMachine,
            @Mixin DataOptions data)
            throws DeploymentException, CommandException {
        if (json && onThisMachine) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--effective is text for people: leave it out, or --json out");
        }
        EffectiveDeployment effective =
                onThisMachine
                        ? file.read(FileFolders.ALL)
                        : file.readFleet(List.of(), FileFolders.ALL);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(effective.json());
        } else {
            out.print(effective.listing());
            effective.notice().ifPresent(notice -> out.println("\n" + notice));
        }
        if (onThisMachine) {
            out.print("\n" + MachineKernels.of(effective.deployment(), data.folder()));
        }
        out.flush();
    }
}
