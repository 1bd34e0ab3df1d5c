package dev.weft.standalone.config;

import dev.weft.deployment.Deployment;
import dev.weft.inference.server.kernels.KernelReport;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.service.settings.EngineSettings;
import dev.weft.service.settings.LogSettings;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.log.ServiceLog;
import java.nio.file.Path;

/** The kernels that a deployment's worker takes on this machine, in words. */
final class MachineKernels {
    private MachineKernels() {}

    /**
     * Lines for people.
     *
     * @param data the launcher's folder for state, as {@code serve} uses it
     * @throws CommandException if a worker would not start with these settings on this machine
     */
    static String of(Deployment deployment, Path data) throws CommandException {
        ServiceLog.install(LogSettings.Format.TEXT, false);
        try {
            return engine(deployment.settings(EngineSettings.class).engine())
                    + KernelReport.of(
                            deployment.settings(InferenceSettings.class), data.resolve("worker"));
        } catch (IllegalStateException e) {
            throw new CommandException(
                    "the kernels of this machine can't be told: " + e.getMessage(), e);
        }
    }

    private static String engine(EngineSettings.Choice choice) {
        return switch (choice) {
            case CPU -> "";
            case AUTO ->
                    "weft.engine is auto: TensorRT-LLM serves with kernels of its own if there are"
                            + " a GPU and a built engine, else this one.\n";
            case TENSORRT_LLM ->
                    "weft.engine is tensorrt-llm, whose kernels are built into its engine: what"
                            + " follows holds for weft.engine: cpu.\n";
            case VLLM, TRTLLM_SERVE, SGLANG ->
                    "weft.engine is "
                            + choice.word()
                            + ", a server beside the worker: what follows holds for weft.engine:"
                            + " cpu.\n";
        };
    }
}
