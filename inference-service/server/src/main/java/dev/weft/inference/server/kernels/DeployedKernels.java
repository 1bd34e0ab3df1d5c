package dev.weft.inference.server.kernels;

import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.server.settings.InferenceSettings;
import java.nio.file.Path;

/** The settings of a deployment for the threads and kernels of the embedded engine. */
public final class DeployedKernels {
    private DeployedKernels() {}

    /**
     * Settings for the engine.
     *
     * @param data the worker's folder for state
     */
    public static CpuEngineSettings.Compute of(InferenceSettings settings, Path data) {
        return new CpuEngineSettings.Compute(
                settings.threads(),
                Kernels.Choice.valueOf(settings.kernels().name()),
                switch (settings.precision()) {
                    case BF16 -> Precision.BF16;
                    case INT8 -> Precision.INT8;
                },
                InstructionSet.valueOf(settings.instructionSet().name()),
                data.resolve("kernels.properties"),
                new CpuEngineSettings.Copies(data.resolve("packed"), settings.packedWeights()),
                settings.pinThreads());
    }
}
