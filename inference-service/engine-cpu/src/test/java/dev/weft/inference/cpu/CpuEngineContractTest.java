package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineContractTest;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.io.TempDir;

class CpuEngineContractTest extends EngineContractTest {
    @TempDir private Path folder;

    @Override
    protected Engine open() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        return CpuEngine.open(
                folder,
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 1 << 20), 16),
                        new CpuEngineSettings.Batch(8, 16, 64),
                        new CpuEngineSettings.Context(0, 0)),
                _ -> {});
    }

    @Override
    protected boolean tellsSteps() {
        return true;
    }

    @Override
    protected LoraAdapter adapter(int number) {
        TinyCheckpoint checkpoint =
                new TinyCheckpoint(folder, ModelConfig.parse(TinyCheckpoint.QWEN2));
        return checkpoint.adapter(number, 4 * number, 0.5f, EnumSet.copyOf(LinearModule.SEPARATE));
    }
}
