package dev.weft.inference.server.beside;

import dev.weft.access.AccessSettings;
import dev.weft.deployment.Deployment;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.inference.relay.call.ServerDescription;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.relay.process.ServerCommand;
import dev.weft.inference.server.checkpoint.CheckpointFetch;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.RelaySettings;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.path.ModelPaths;
import dev.weft.service.settings.EngineSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a deployment asks of the server beside its worker. */
public final class RelayPlan {
    private static final int ANY_PORT = 0;
    private static final String SERVER = "server";

    private RelayPlan() {}

    /** How many adapters the server holds, and how large they are. */
    public static ServerPlan.Limits limits(Deployment deployment) {
        int slots = deployment.settings(InferenceSettings.class).maxLoras();
        int held = deployment.settings(RelaySettings.class).maxCpuLoras();
        return new ServerPlan.Limits(slots, Math.max(slots, held), deployment.lora().maxRank());
    }

    /**
     * The command by which the worker starts its server; empty if the engine is not such a server.
     * With {@code weft.relay.url} it is the command that an operator may have run.
     *
     * @param data the worker's folder for state
     */
    public static Optional<ServerCommand> command(Deployment deployment, Path data) {
        EngineSettings.Choice engine = deployment.settings(EngineSettings.class).engine();
        if (!engine.isRelayed()) {
            return Optional.empty();
        }
        URI url = deployment.settings(RelaySettings.class).url();
        Path checkpoint = CheckpointFetch.folder(deployment.base().checkpoint(), data);
        return Optional.of(
                command(
                        deployment,
                        data,
                        new ServerPlan.Base(
                                checkpoint, deployment.base().servedName(), modules(checkpoint)),
                        url == null ? ANY_PORT : url.getPort()));
    }

    /** Whether a command tells its server to run the code that a repository brings. */
    static boolean runsCode(List<String> command) {
        return String.join(" ", command).replace('_', '-').contains("--trust-remote-code");
    }

    /**
     * The modules that the checkpoint's configuration or its weights show. If they can't be read,
     * as before they are fetched, the modules that most families have.
     */
    private static List<LinearModule> modules(Path checkpoint) {
        try {
            return modules(shape(checkpoint));
        } catch (IOException | CheckpointException e) {
            return LinearModule.SEPARATE;
        }
    }

    private static BaseShape shape(Path checkpoint) throws IOException {
        String config = Files.readString(checkpoint.resolve("config.json"));
        try {
            return BaseShape.ofConfig(config);
        } catch (CheckpointException e) {
            return BaseShape.ofWeights(checkpoint);
        }
    }

    /** The modules that adapters of a base may change, in any of its layers. */
    static List<LinearModule> modules(BaseShape shape) {
        return shape.decoder().modules().stream()
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The folder into which the worker writes adapters, without links; need not exist.
     *
     * @param data the worker's folder for state
     */
    public static Path sharedFolder(RelaySettings relay, Path data) {
        Path folder = relay.sharedDir() == null ? data.resolve("relay") : relay.sharedDir();
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    /** The path by which the server sees the folder of {@link #sharedFolder}. */
    public static Path seenFolder(RelaySettings relay, Path data) {
        return relay.serverDir() == null ? sharedFolder(relay, data) : relay.serverDir();
    }

    /**
     * The folder of the files that tell which processes the worker's server is.
     *
     * @param data the worker's folder for state
     */
    static Path processes(Path data) {
        return data.resolve(SERVER).resolve("processes");
    }

    /**
     * A warning that tenants share prefixes, so that one can learn what another has sent, and what
     * an operator can do about it. Empty if the server keeps them apart, or if the deployment has
     * no keys or lets tenants share. The worker does not know the options of a server with an
     * address of its own.
     *
     * @param paths at which a model reads a prompt
     */
    public static Optional<String> sharedPrefixes(
            Deployment deployment, SaltedPaths salted, List<String> paths) {
        if (paths.stream().noneMatch(salted::takes)) {
            return shared(deployment, "requests");
        }
        List<String> without = salted.without(paths);
        return without.isEmpty()
                ? Optional.empty()
                : shared(deployment, "requests to " + String.join(", ", without));
    }

    /**
     * The same warning for {@code /v1/messages}, if the server takes a salt only at other paths, as
     * versions of vLLM before 0.32 may. Empty if it takes one there, or does not describe that
     * path.
     *
     * @param description what the server says of itself
     */
    public static Optional<String> sharedMessages(
            Deployment deployment, ServerDescription description) {
        boolean shares =
                dialect(deployment).salts() == Dialect.Salts.EVERYWHERE
                        && description.paths().contains(ModelPaths.MESSAGES)
                        && !description.takes(ModelPaths.MESSAGES, SaltedPaths.SALT);
        return shares ? shared(deployment, "requests to " + ModelPaths.MESSAGES) : Optional.empty();
    }

    private static Dialect dialect(Deployment deployment) {
        return Dialect.of(deployment.settings(EngineSettings.class).engine().word());
    }

    private static Optional<String> shared(Deployment deployment, String where) {
        InferenceSettings inference = deployment.settings(InferenceSettings.class);
        Dialect dialect = dialect(deployment);
        String off = dialect.howToShareNoPrefixes();
        if (!deployment.settings(AccessSettings.class).keys()
                || inference.sharesAllPrefixes()
                || deployment.settings(RelaySettings.class).words().contains(off)) {
            return Optional.empty();
        }
        return Optional.of(
                ("weft.access.keys: %s does not keep the prefixes of tenants' %s apart, so that one"
                                + " may learn what another has sent: start it with %s, or say"
                                + " weft.inference.prefix-sharing: all")
                        .formatted(dialect.engine(), where, off));
    }

    /**
     * The command that starts a server.
     *
     * @param data the worker's folder for state
     */
    static ServerCommand command(Deployment deployment, Path data, ServerPlan.Base base, int port) {
        EngineSettings.Choice engine = deployment.settings(EngineSettings.class).engine();
        RelaySettings relay = deployment.settings(RelaySettings.class);
        ServerPlan plan =
                new ServerPlan(
                        base,
                        port,
                        new ServerPlan.Folders(
                                seenFolder(relay, data),
                                data.resolve(SERVER).toAbsolutePath().normalize()),
                        limits(deployment));
        List<String> words = relay.command().isEmpty() ? usual(engine) : relay.words();
        return ServerCommand.of(Dialect.of(engine.word()), plan, words);
    }

    private static List<String> usual(EngineSettings.Choice engine) {
        return switch (engine) {
            case SGLANG -> List.of("python3", "-m", "sglang.launch_server");
            case TRTLLM_SERVE -> List.of("trtllm-serve");
            case VLLM, AUTO, CPU, TENSORRT_LLM -> List.of("vllm", "serve");
        };
    }
}
