package dev.weft.standalone.launch;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.Fleet;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.service.ServiceName;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.LogSettings;
import dev.weft.standalone.config.DataOptions;
import dev.weft.standalone.config.FileOptions;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.log.ServiceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that start services. */
final class ServiceOptions {
    /** How long services may take to end, so that the process ends within 5 s. */
    static final Duration END = Duration.ofSeconds(4);

    /** The drain time that fits into {@link #END}. */
    private static final Duration USUAL_DRAIN = Duration.ofSeconds(2);

    /** How long TensorRT-LLM may take to stop; after 30 s it ends the process itself. */
    private static final Duration ENGINE_STOP = Duration.ofSeconds(31);

    @Mixin private FileOptions file = new FileOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            converter = OfPort.class,
            description = "Port of the service (of the gateway for serve); 0 picks a free one.")
    private @Nullable Integer port;

    @Option(
            names = DataOptions.NAME,
            paramLabel = DataOptions.LABEL,
            defaultValue = DataOptions.USUAL,
            description =
                    "Folder for state: database, artifacts, downloads (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path data = Path.of(DataOptions.USUAL);

    @Option(
            names = {"-v", "--verbose"},
            description = "Logs more.")
    private boolean verbose;

    /**
     * Reads the file, in which {@code --port} overrides the port; sets up the log.
     *
     * @param folders of the file that must be there
     */
    Fleet prepare(ServiceName portOf, FileFolders folders)
            throws DeploymentException, CommandException {
        ServiceLog.install(LogSettings.Format.TEXT, verbose);
        EffectiveDeployment effective =
                file.readFleet(
                        port == null ? List.of() : List.of(portOf.portKey() + "=" + port), folders);
        ServiceLog.install(effective.fleet().settings(LogSettings.class).format(), verbose);
        effective.notice().ifPresent(LoggerFactory.getLogger(ServiceOptions.class)::info);
        return effective.fleet();
    }

    /** The folder for state; creates it if it is missing. */
    Path data() throws CommandException {
        Path folder = data.toAbsolutePath().normalize();
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CommandException(DataOptions.NAME + " " + folder + " can't be made: " + e, e);
        }
    }

    boolean isSample() {
        return file.isSample();
    }

    /**
     * The time for services to end: {@link #END}, or longer if a deployment file gives running
     * requests longer, or if its engine may be TensorRT-LLM.
     */
    static Duration end(Fleet fleet) {
        Duration worker =
                fleet.deployments().stream()
                        .map(each -> each.settings(InferenceSettings.class).drainTimeout())
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO);
        Duration gateway = fleet.settings(GatewaySettings.class).drainTimeout();
        Duration drain = worker.compareTo(gateway) > 0 ? worker : gateway;
        Duration more = drain.minus(USUAL_DRAIN);
        Duration end = more.isPositive() ? END.plus(more) : END;
        return fleet.deployments().stream().anyMatch(ServiceOptions::mayBeTensorRtLlm)
                ? end.plus(ENGINE_STOP)
                : end;
    }

    private static boolean mayBeTensorRtLlm(Deployment deployment) {
        return switch (deployment.settings(EngineSettings.class).engine()) {
            case TENSORRT_LLM -> true;
            case AUTO -> deployment.useGpu();
            case CPU, VLLM, TRTLLM_SERVE, SGLANG -> false;
        };
    }
}
