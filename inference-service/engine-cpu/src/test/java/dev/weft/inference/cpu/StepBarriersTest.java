package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.FirstStep;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.cpu.model.weights.DecoderWeights;
import dev.weft.inference.cpu.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the members of a team wait for each other in a step: what more cores pay. */
class StepBarriersTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"BF16, 9", "INT8, 10"})
    void aStepOfTheBaseHasFewBarriersPerLayer(Precision precision, int perLayer)
            throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (Team team = new Team(3)) {
            Kernels kernels = Kernels.open(Kernels.Choice.VECTOR, precision, team, 16, null);
            DecoderWeights weights =
                    new WeightLoader(CheckpointFolder.open(folder), kernels).load(_ -> {});
            try (Decoder decoder = new Decoder(weights, 16, 16, 8, 3, new PhaseClock(false));
                    KvCache cache = new KvCache(weights.config().shape(), 64, true)) {
                int before = team.barriers();
                FirstStep.test(team, decoder, cache, weights.config().vocabulary().size());
                int layers = weights.config().shape().layers();
                assertThat(team.barriers() - before).isEqualTo(1 + perLayer * layers + 2);
            }
        }
    }
}
