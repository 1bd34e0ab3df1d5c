package dev.weft.inference.server.kernels;

import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.trial.KernelForecast;
import dev.weft.inference.server.settings.InferenceSettings;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says in words which kernels the embedded engine of a deployment runs on if it starts on this
 * machine now. It loads oneDNN and tries a small layer, but measures nothing and changes no file.
 */
public final class KernelReport {
    private final CpuEngineSettings.Compute compute;
    private final Path file;

    private KernelReport(CpuEngineSettings.Compute compute, Path file) {
        this.compute = compute;
        this.file = file;
    }

    /**
     * The report, lines that each end with a line break.
     *
     * @param data the worker's folder for state, which need not be there
     * @throws IllegalStateException if the settings name an instruction set of another
     *     architecture, or another one than this process uses already
     */
    public static String of(InferenceSettings settings, Path data) {
        CpuEngineSettings.Compute compute = DeployedKernels.of(settings, data);
        InstructionSet.limit(compute.highest());
        return new KernelReport(compute, data.resolve("kernels.properties")).text();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int threads =
                compute.threads() > 0
                        ? compute.threads()
                        : Runtime.getRuntime().availableProcessors();
        try (Team team = new Team(threads)) {
            line(
                    text,
                    "The embedded engine on this machine, %d threads, weft.inference.kernels %s,"
                            + " instruction-set %s:",
                    threads,
                    word(compute.kernels()),
                    word(compute.highest()));
            for (Precision precision : Precision.values()) {
                describe(text, precision, team);
            }
        }
        return text.toString();
    }

    private void describe(StringBuilder text, Precision precision, Team team) {
        String served = precision == compute.precision() ? " (this deployment's)" : "";
        line(text, "  %s%s", word(precision), served);
        Kernels kernels;
        try {
            kernels = Kernels.open(compute.kernels(), precision, team, 1, compute.kernelFile());
        } catch (IllegalStateException e) {
            line(text, "    the worker does not start: %s", String.valueOf(e.getMessage()));
            return;
        }
        switch (kernels.forecast()) {
            case KernelForecast.Settled(String kind, boolean isNative) ->
                    line(
                            text,
                            "    all shapes: %s, instruction set %s, %s",
                            kind,
                            kernels.instructionSets(),
                            why(precision, isNative));
            case KernelForecast.ByShape measured -> byShape(text, measured, kernels);
        }
    }

    private String why(Precision precision, boolean isNative) {
        if (compute.kernels() != Kernels.Choice.AUTO) {
            return "as weft.inference.kernels says";
        }
        return isNative
                ? "which has instructions for %s".formatted(word(precision))
                : "since oneDNN has no fast %s kernel here".formatted(word(precision));
    }

    private void byShape(StringBuilder text, KernelForecast.ByShape choice, Kernels kernels) {
        line(
                text,
                "    the fastest by shape of %s, instruction sets %s",
                String.join(" and ", choice.candidates()),
                kernels.instructionSets());
        choice.measured()
                .forEach((shape, kind) -> line(text, "    %s (inputs x outputs): %s", shape, kind));
        line(
                text,
                choice.measured().isEmpty()
                        ? "    measured at the next start, and kept in %s"
                        : "    as measured before on this machine and kept in %s; other shapes are"
                                + " measured at the next start",
                file);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and all callers are above
    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
