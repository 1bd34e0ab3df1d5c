package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.inference.relay.process.ServerCommand;
import dev.weft.inference.server.beside.RelayPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command by which a worker starts a server beside it, for people. */
final class ServerPlanText {
    private ServerPlanText() {}

    /** Empty if the deployment's engine is not a server beside the worker. */
    static Optional<String> of(Deployment deployment, Path data) {
        return RelayPlan.command(deployment, data.resolve("worker"))
                .map(command ->
                        """
                        # The worker runs this; the folder is there after its first start, and the
                        # port is another one at each start unless the command names one.
                        %s
                        """
                                        .formatted(command)
                                + files(command));
    }

    private static String files(ServerCommand command) {
        return command.files().entrySet().stream()
                .map(file -> "\n# " + file.getKey() + "\n" + file.getValue())
                .collect(Collectors.joining());
    }
}
