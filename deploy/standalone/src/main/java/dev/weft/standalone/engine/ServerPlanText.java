package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.process.ServerCommand;
import dev.weft.inference.server.beside.RelayPlan;
import dev.weft.inference.server.settings.RelaySettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command by which a worker starts a server beside it, for people. */
final class ServerPlanText {
    private ServerPlanText() {}

    /** Empty if the deployment's engine is not a server beside the worker. */
    static Optional<String> of(Deployment deployment, Path data) {
        return RelayPlan.command(deployment, data.resolve("worker"))
                .map(command -> who(deployment) + command + "\n" + files(command));
    }

    private static String who(Deployment deployment) {
        return deployment.settings(RelaySettings.class).url() == null
                ? """
                # The worker runs this; the folder is there after its first start, and the
                # port is another one at each start unless the command names one.
                """
                : """
                # The server at weft.relay.url is not the worker's: start it with these options.
                """;
    }

    private static String files(ServerCommand command) {
        return command.files().entrySet().stream()
                .map(file -> "\n# " + file.getKey() + "\n" + file.getValue())
                .collect(Collectors.joining());
    }
}
