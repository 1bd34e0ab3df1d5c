package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineContractTest;
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
                        2, 2, 1 << 20, 16, 8, 16, 0, 0, 64, Kernels.Choice.AUTO, Precision.BF16),
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
        return checkpoint.adapter(number, 4 * number, 0.5f, EnumSet.allOf(LinearModule.class));
    }
}
