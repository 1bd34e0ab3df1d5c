package dev.weft.inference.cpu.kernel;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.trial.KernelForecast;
import java.util.Locale;

/**
 * Prints the level that benchmarks run at, before {@code ./weft bench kernels} starts them: what
 * oneDNN and the Vector API use of this processor, as the environment and the flags of the JVM
 * limit it.
 */
final class KernelLevel {
    private KernelLevel() {}

    public static void main(String[] arguments) {
        System.out.printf(
                Locale.ROOT,
                "level: Vector API %s, %d floats a vector%n",
                VectorMath.instructionSet(),
                VectorMath.LANES);
        try (Team team = new Team(1)) {
            for (Precision precision : Precision.values()) {
                System.out.println("level: " + line(precision, team));
            }
        }
    }

    static String line(Precision precision, Team team) {
        Kernels kernels = Kernels.open(Kernels.Choice.AUTO, precision, team, 1);
        String taken =
                switch (kernels.forecast()) {
                    case KernelForecast.Settled settled -> settled.kernels();
                    case KernelForecast.ByShape byShape ->
                            "the fastest by shape of " + String.join(" and ", byShape.candidates());
                };
        return "%s in a worker %s, instruction set %s"
                .formatted(
                        precision.name().toLowerCase(Locale.ROOT),
                        taken,
                        kernels.instructionSets());
    }
}
