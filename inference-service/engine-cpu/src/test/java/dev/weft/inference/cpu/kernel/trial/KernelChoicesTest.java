package dev.weft.inference.cpu.kernel.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.reference.ReferenceLayers;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.VectorLayers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelChoicesTest {
    private static final Shape SHAPE = new Shape(128, 256);

    @TempDir Path folder;

    @AutoClose private final Team team = new Team(2);

    /** Counts the layers that were packed, which trials do. */
    private static class Counted implements LinearLayers {
        private final LinearLayers layers;
        private final String name;
        private int packed;
        private String instructions = VectorMath.instructionSet();
        private boolean isNative;
        private double leastGain = 1;
        private boolean isCompiledAsItRuns;
        private boolean serves = true;

        private Counted(LinearLayers layers, String name) {
            this.layers = layers;
            this.name = name;
            this.isCompiledAsItRuns = layers.isCompiledAsItRuns();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String instructionSet() {
            return instructions;
        }

        @Override
        public boolean isNative() {
            return isNative;
        }

        @Override
        public double leastGain() {
            return leastGain;
        }

        @Override
        public boolean serves(Shape shape) {
            return serves;
        }

        @Override
        public LinearLayers of(Team other) {
            return layers.of(other);
        }

        @Override
        public boolean isCompiledAsItRuns() {
            return isCompiledAsItRuns;
        }

        @Override
        public long bytes(Shape shape) {
            return layers.bytes(shape);
        }

        @Override
        public Optional<String> layout(Shape shape) {
            return layers.layout(shape);
        }

        @Override
        public Linear pack(MemorySegment room, WeightSource source) {
            packed++;
            return layers.pack(room, source);
        }

        @Override
        public Linear packed(MemorySegment room, Shape shape) {
            return layers.packed(room, shape);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFasterOneIsTaken(Precision precision) {
        KernelChoices choices = choices(slow(precision), fast(precision), precision);
        assertThat(choices.of(SHAPE).name()).isEqualTo("fast");
        assertThat(choices.names()).isEqualTo("fast");
    }

    @ParameterizedTest
    @CsvSource({"1.4, exact", "1.6, rounding"})
    void kernelsThatRoundInputsMustBeHalfAsFastAgain(double times, String taken) {
        Counted rounding = new Counted(new VectorLayers(Precision.BF16, team), "rounding");
        rounding.leastGain = 1.5;
        Counted exact = new Counted(new VectorLayers(Precision.BF16, team), "exact");
        assertThat(times(rounding, 100, exact, 100 * times).preferred().name()).isEqualTo(taken);
    }

    @Test
    void ifOneShapeRoundsAllTakeTheirFastest() {
        Counted rounding = new Counted(new VectorLayers(Precision.BF16, team), "rounding");
        rounding.leastGain = 1.5;
        Counted exact = new Counted(new VectorLayers(Precision.BF16, team), "exact");
        Map<String, KernelTimes> shapes =
                new HashMap<>(
                        Map.of(
                                "nearly as fast", times(rounding, 100, exact, 140),
                                "exact is faster", times(rounding, 100, exact, 90)));
        assertThat(KernelChoices.together(shapes, List.of()))
                .isEqualTo(Map.of("nearly as fast", exact, "exact is faster", exact));
        assertThat(KernelChoices.together(shapes, List.of(rounding)))
                .isEqualTo(Map.of("nearly as fast", rounding, "exact is faster", exact));
        shapes.put("far slower", times(rounding, 100, exact, 160));
        assertThat(KernelChoices.together(shapes, List.of(exact)))
                .isEqualTo(
                        Map.of(
                                "nearly as fast", rounding,
                                "exact is faster", exact,
                                "far slower", rounding));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fast", "fast=1", "fast=1;slow=x", "fast=1;slow=-2", "fast=1;slow=2;more=3"})
    void timesThatAreNotThoseOfTheseKindsAreNotUsed(String kept) {
        List<LinearLayers> kinds = List.of(slow(Precision.BF16), fast(Precision.BF16));
        assertThat(KernelTimes.read(kept, kinds)).isEmpty();
        assertThat(KernelTimes.read("fast=1.5;slow=20.0", kinds).orElseThrow().kept())
                .isEqualTo("fast=1.5;slow=20.0");
    }

    private static KernelTimes times(
            LinearLayers one, double its, LinearLayers other, double time) {
        return new KernelTimes(
                List.of(new KernelTimes.Time(one, its), new KernelTimes.Time(other, time)));
    }

    @Test
    void aKindThatHasNoKernelForAShapeIsNotTakenForIt() {
        Counted fast = fast(Precision.BF16);
        fast.serves = false;
        assertThat(choices(slow(Precision.BF16), fast, Precision.BF16).of(SHAPE).name())
                .isEqualTo("slow");
        assertThat(fast.packed).isZero();
        assertThat(choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16).of(SHAPE))
                .as("after the next start")
                .extracting(LinearLayers::name)
                .isEqualTo("slow");
    }

    @Test
    void aKindThatGivesARowOtherBitsAmongMoreRowsIsNotTaken() {
        Counted fast =
                new Counted(new VectorLayers(Precision.BF16, team), "fast") {
                    @Override
                    public Linear pack(MemorySegment room, WeightSource source) {
                        return new Dependent(super.pack(room, source));
                    }
                };
        assertThat(choices(slow(Precision.BF16), fast, Precision.BF16).of(SHAPE).name())
                .isEqualTo("slow");
    }

    /** Its results depend on the number of rows. */
    private record Dependent(Linear linear) implements Linear {
        @Override
        public int in() {
            return linear.in();
        }

        @Override
        public int out() {
            return linear.out();
        }

        @Override
        public InputForm inputs() {
            return linear.inputs();
        }

        @Override
        public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
            linear.multiply(member, x, y, rows);
            if (member.index() == 0) {
                y.set(0, 0, Math.fma(y.get(0, 0), rows, 1));
            }
        }

        @Override
        public void close() {
            linear.close();
        }
    }

    @Test
    void oneKindIsNotMeasured() {
        Counted only = slow(Precision.BF16);
        KernelChoices choices = new KernelChoices(List.of(only), Precision.BF16, team, file());
        assertThat(choices.of(SHAPE)).isSameAs(only);
        assertThat(only.packed).isZero();
        assertThat(file()).doesNotExist();
    }

    @Test
    void kernelsThatNeedNoCompilerAreTakenIfTheJvmHasNoneThatOptimises() {
        Counted compiled = fast(Precision.BF16);
        compiled.isCompiledAsItRuns = true;
        Counted made = slow(Precision.BF16);
        made.isCompiledAsItRuns = false;
        List<LinearLayers> both = List.of(compiled, made);
        var choices = new KernelChoices(both, Precision.BF16, team, file(), false);
        assertThat(choices.of(SHAPE)).isSameAs(made);
        assertThat(made.packed + compiled.packed).isZero();
        assertThat(choices.forecast())
                .as("of a worker, whose JVM optimises")
                .isEqualTo(new KernelForecast.ByShape(List.of("fast", "slow"), Map.of()));
    }

    @Test
    void aShapeThatTheyDoNotServeHasOtherKernelsInSuchAJvm() {
        Counted compiled = fast(Precision.BF16);
        compiled.isCompiledAsItRuns = true;
        Counted made = slow(Precision.BF16);
        made.isCompiledAsItRuns = false;
        made.serves = false;
        List<LinearLayers> both = List.of(made, compiled);
        var choices = new KernelChoices(both, Precision.BF16, team, file(), false);
        assertThat(choices.of(SHAPE)).isSameAs(compiled);
    }

    @Test
    void theFirstKindIsTakenIfAllAreCompiledAndTheJvmDoesNotOptimise() {
        List<LinearLayers> both = List.of(slow(Precision.INT8), fast(Precision.INT8));
        var choices = new KernelChoices(both, Precision.INT8, team, file(), false);
        assertThat(choices.of(SHAPE)).isSameAs(both.getFirst());
    }

    @Test
    void aChoiceHoldsForTheNextStart() {
        choices(slow(Precision.INT8), fast(Precision.INT8), Precision.INT8).of(SHAPE);
        Counted slow = slow(Precision.INT8);
        Counted fast = fast(Precision.INT8);
        assertThat(choices(slow, fast, Precision.INT8).of(SHAPE)).isSameAs(fast);
        assertThat(slow.packed + fast.packed).isZero();
    }

    @Test
    void aChoiceHoldsForItsShapeAndPrecisionOnly() {
        choices(slow(Precision.INT8), fast(Precision.INT8), Precision.INT8).of(SHAPE);
        Counted fast = fast(Precision.BF16);
        choices(slow(Precision.BF16), fast, Precision.BF16).of(SHAPE);
        assertThat(fast.packed).isPositive();
        Counted again = fast(Precision.INT8);
        choices(slow(Precision.INT8), again, Precision.INT8).of(new Shape(128, 128));
        assertThat(again.packed).isPositive();
    }

    @Test
    void precisionsWithOtherKindsShareAFile() {
        choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16).of(SHAPE);
        Counted own = new Counted(new VectorLayers(Precision.INT8, team), "own of int8");
        choices(slow(Precision.INT8), own, Precision.INT8).of(SHAPE);
        Counted fast = fast(Precision.BF16);
        assertThat(choices(slow(Precision.BF16), fast, Precision.BF16).of(SHAPE)).isSameAs(fast);
        assertThat(fast.packed).isZero();
    }

    @Test
    void whatAnotherWorkerMeasuredInTheMeantimeHoldsForBoth() throws IOException {
        KernelChoices late = choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16);
        Shape other = new Shape(64, 64);
        choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16)
                .decide(List.of(SHAPE, other));
        String kept = Files.readString(file());
        Files.writeString(
                file(), kept.replaceAll("(?m)^(bf16.128x256)=.*$", "$1=fast\\\\=9.0;slow\\\\=1.0"));
        assertThat(late.of(SHAPE).name()).isEqualTo("slow");
        assertThat(Files.readString(file())).contains("bf16.64x64", "slow\\=1.0");
    }

    @Test
    void whatWasMeasuredBeforeIsForecastWithoutMeasuring() {
        Counted slow = slow(Precision.BF16);
        Counted fast = fast(Precision.BF16);
        assertThat(choices(slow, fast, Precision.BF16).forecast())
                .isEqualTo(new KernelForecast.ByShape(List.of("slow", "fast"), Map.of()));
        assertThat(slow.packed + fast.packed).isZero();
        choices(slow, fast, Precision.BF16).of(SHAPE);
        assertThat(choices(slow, fast, Precision.BF16).forecast())
                .isEqualTo(
                        new KernelForecast.ByShape(
                                List.of("slow", "fast"), Map.of("128x256", "fast")));
        assertThat(choices(slow, fast, Precision.INT8).forecast())
                .isEqualTo(new KernelForecast.ByShape(List.of("slow", "fast"), Map.of()));
    }

    @Test
    void oneKindIsForecastForAllShapes() {
        assertThat(
                        new KernelChoices(
                                        List.of(slow(Precision.BF16)), Precision.BF16, team, file())
                                .forecast())
                .isEqualTo(new KernelForecast.Settled("slow", false));
    }

    @Test
    void instructionSetsAreThoseOfWhatIsTaken() {
        Counted fast = fast(Precision.BF16);
        fast.instructions = "amx";
        KernelChoices choices = choices(slow(Precision.BF16), fast, Precision.BF16);
        assertThat(choices.instructionSets()).isEqualTo("amx+" + VectorMath.instructionSet());
        choices.of(SHAPE);
        assertThat(choices.instructionSets()).isEqualTo("amx");
        fast.isNative = true;
        assertThat(choices(slow(Precision.INT8), fast, Precision.INT8).instructionSets())
                .isEqualTo("amx");
    }

    @Test
    void whatAnotherMachineChoseIsMeasuredAnew() throws IOException {
        choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16).of(SHAPE);
        String kept = Files.readString(file());
        Files.writeString(
                file(),
                kept.replace("machine=", "machine=another ")
                        .replace("fast", "slower")
                        .replace("slow\\=", "fast\\=")
                        .replace("slower", "slow"));
        assertThat(choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16).of(SHAPE))
                .extracting(LinearLayers::name)
                .isEqualTo("fast");
        assertThat(Files.readString(file())).contains("=fast\\=").doesNotContain("another");
    }

    @Test
    void aFileThatIsNoRecordIsReplaced() throws IOException {
        Files.writeString(file(), "\\u12");
        choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16).of(SHAPE);
        assertThat(Files.readString(file())).contains("bf16.128x256=fast\\=");
    }

    @Test
    void aFolderThatCanNotBeWrittenLosesTheChoiceOnly() throws IOException {
        Path blocked = Files.writeString(folder.resolve("a-file"), "").resolve("kernels");
        KernelChoices choices =
                new KernelChoices(
                        List.of(slow(Precision.BF16), fast(Precision.BF16)),
                        Precision.BF16,
                        team,
                        blocked);
        assertThat(choices.of(SHAPE).name()).isEqualTo("fast");
    }

    @Test
    void nothingIsLeftOfAFileThatCanNotBeWritten() throws IOException {
        Path inTheWay = Files.createDirectories(file().resolve("a-folder"));
        KernelChoices choices = choices(slow(Precision.BF16), fast(Precision.BF16), Precision.BF16);
        choices.decide(List.of(SHAPE, new Shape(64, 64)));
        assertThat(choices.of(SHAPE).name()).isEqualTo("fast");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(inTheWay.getParent());
        }
    }

    @Test
    void compiledKernelsAreBroughtToTheirSpeed() {
        KernelChoices choices =
                new KernelChoices(
                        List.of(new VectorLayers(Precision.BF16, team)),
                        Precision.BF16,
                        team,
                        null);
        choices.of(SHAPE);
        // On a machine with other work the compiler may need longer than a start waits.
        for (int start = 0; start < 25 && choices.ofPeak().isEmpty(); start++) {
            choices.ready();
        }
        assertThat(choices.ofPeak().orElseThrow()).isBetween(0.01, 2.0);
    }

    private KernelChoices choices(Counted slow, Counted fast, Precision precision) {
        return new KernelChoices(List.of(slow, fast), precision, team, file());
    }

    private Path file() {
        return folder.resolve("kernels.properties");
    }

    private static Counted slow(Precision precision) {
        return new Counted(new ReferenceLayers(precision), "slow");
    }

    private Counted fast(Precision precision) {
        return new Counted(new VectorLayers(precision, team), "fast");
    }
}
