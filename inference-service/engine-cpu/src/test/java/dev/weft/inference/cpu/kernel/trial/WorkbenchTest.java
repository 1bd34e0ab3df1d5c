package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.onednn.OneDnnKinds;
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
        LinearLayers layers = OneDnnKinds.open(precision, team).orElse(null);
        if (layers == null) {
            abort("oneDNN has no fast " + precision + " kernel here");
        }
        WarmUp.Work work = bench.base(layers);
        assertThat(work.floor().several()).isZero();
        assertThat(work.floor().one() > 0).isEqualTo(isSingleRowCompiled(layers));
        assertThat(layers.mayCompileSingleRow() || !isSingleRowCompiled(layers)).isTrue();
        runs(work);
    }

    private boolean isSingleRowCompiled(LinearLayers layers) {
        try (Arena arena = Arena.ofShared();
                Linear linear =
                        layers.pack(
                                arena,
                                new WeightSource(
                                        List.of(KernelTrial.weights(arena, new Shape(512, 128))),
                                        null))) {
            return linear.isSingleRowCompiled();
        }
    }

    private static void runs(WarmUp.Work work) {
        work.several().run();
        work.one().run();
    }
}
