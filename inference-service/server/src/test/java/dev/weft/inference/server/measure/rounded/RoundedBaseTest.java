package dev.weft.inference.server.measure.rounded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.quantised.GroupedMatrix;
import dev.weft.format.safetensors.WeightMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundedBaseTest {
    private static final Path TINY = Path.of("../../samples/weft-tiny/base");

    @TempDir Path folder;

    /** As the reader of that layout finds them. */
    @ParameterizedTest
    @EnumSource
    void eachWeightIsTheNearestOfItsGroup(RoundedForm form) throws IOException {
        try (RoundedBase copy = RoundedBase.write(TINY, form, folder);
                CheckpointFolder rounded = CheckpointFolder.open(copy.folder());
                CheckpointFolder original = CheckpointFolder.open(TINY)) {
            DecoderShape shape = rounded.config().shape();
            for (ModulePath module : ModulePath.all(shape)) {
                int out = shape.outputSize(module.module());
                int in = shape.inputSize(module.module());
                WeightMatrix matrix = rounded.matrix(module.text(), out, in);
                assertThat(matrix)
                        .isInstanceOfSatisfying(
                                GroupedMatrix.class,
                                it ->
                                        assertNearest(
                                                it,
                                                values(original.matrix(module.text(), out, in))));
            }
            assertThat(rounded.unread())
                    .allSatisfy(name -> assertThat(original.has(name)).isTrue());
        }
    }

    private static void assertNearest(GroupedMatrix matrix, float[] original) {
        float[] rounded = values(matrix);
        GroupedMatrix.Groups groups = matrix.groups();
        int in = groups.of().length;
        for (int i = 0; i < rounded.length; i++) {
            float scale = groups.scales()[i / in * groups.count() + groups.of()[i % in]];
            // A symmetric group's largest positive weight lies half a step beyond its last code,
            // and a scale is rounded to a float16.
            assertThat(Math.abs(rounded[i] - original[i])).isLessThanOrEqualTo(.52f * scale);
        }
    }

    private static float[] values(WeightMatrix matrix) {
        float[] values = new float[(int) (matrix.shape().getFirst() * matrix.shape().get(1))];
        matrix.copyTo(0, values, 0, values.length);
        return values;
    }

    @Test
    void eachMatrixOfGptqSortsItsInputs() throws IOException {
        try (RoundedBase copy = RoundedBase.write(TINY, RoundedForm.GPTQ, folder);
                CheckpointFolder rounded = CheckpointFolder.open(copy.folder())) {
            DecoderShape shape = rounded.config().shape();
            int[][] orders =
                    ModulePath.all(shape).stream()
                            .limit(2)
                            .map(module ->
                                    rounded.matrix(
                                            module.text(),
                                            shape.outputSize(module.module()),
                                            shape.inputSize(module.module())))
                            .map(matrix -> ((GroupedMatrix) matrix).groups().of())
                            .toArray(int[][]::new);
            assertThat(orders[0]).isNotEqualTo(orders[1]);
            assertThat(IntStream.of(orders[0]).sorted().toArray())
                    .isEqualTo(IntStream.of(orders[1]).sorted().toArray());
        }
    }

    @Test
    void nothingIsLeftWhenItIsClosedOrRefused() throws IOException {
        try (RoundedBase copy = RoundedBase.write(TINY, RoundedForm.AWQ, folder)) {
            assertThat(copy.folder()).isNotEmptyDirectory();
            assertThatThrownBy(() -> RoundedBase.write(copy.folder(), RoundedForm.GPTQ, folder))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageEndingWith(" is quantised already");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
