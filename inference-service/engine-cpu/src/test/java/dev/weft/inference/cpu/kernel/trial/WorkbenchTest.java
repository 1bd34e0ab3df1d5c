package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.onednn.OneDnnHere;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.VectorLayers;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkbenchTest {
    @AutoClose private final Team team = new Team(1);
    @AutoClose private final Workbench bench = new Workbench();

    @ParameterizedTest
    @EnumSource
    void kernelsThatTheJvmCompilesAreHeldToAFloor(Precision precision) {
        LinearLayers layers = new VectorLayers(precision, team);
        assertThat(layers.mayCompileSingleRow()).isTrue();
        WarmUp.Work work = bench.base(layers);
        assertThat(work.floor().several()).isPositive();
        assertThat(work.floor().one()).isPositive();
        runs(work);
    }

    /** A processor may have no kernel for a single row; then oneDNN's, too, is held to none. */
    @ParameterizedTest
    @EnumSource
    void ofOneDnnOnlyASingleRowIsHeldToAFloor(Precision precision) {
        LinearLayers layers = OneDnnHere.layers(precision, team);
        WarmUp.Work work = bench.base(layers);
        assertThat(work.floor().several()).isZero();
        assertThat(work.floor().one() > 0).isEqualTo(isOnlySingleRowCompiled(layers));
        assertThat(layers.mayCompileSingleRow() || !isOnlySingleRowCompiled(layers)).isTrue();
        runs(work);
    }

    private static boolean isOnlySingleRowCompiled(LinearLayers layers) {
        try (Arena arena = Arena.ofShared()) {
            Tensor weights = KernelTrial.weights(arena, Workbench.SHAPE);
            try (Linear linear = layers.pack(arena, new WeightSource(List.of(weights), null))) {
                return linear.isOnlySingleRowCompiled();
            }
        }
    }

    private static void runs(WarmUp.Work work) {
        work.several().run();
        work.one().run();
    }
}
