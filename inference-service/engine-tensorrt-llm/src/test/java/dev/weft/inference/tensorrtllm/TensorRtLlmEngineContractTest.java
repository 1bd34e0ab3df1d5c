package dev.weft.inference.tensorrtllm;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineContractTest;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@OnTriton
class TensorRtLlmEngineContractTest extends EngineContractTest {
    @TempDir private Path folder;

    @BeforeAll
    static void load() {
        TestBackend.load();
    }

    @Override
    protected Engine open() throws IOException {
        Path base = RandomBase.write(folder.resolve("base"));
        Path repository = TestEngine.of(base).write(folder);
        return EngineStart.open(
                base,
                TestBackendSettings.of(repository),
                TestBackendSettings.NO_TOKENIZER,
                _ -> {});
    }

    @Override
    protected LoraAdapter adapter(int number) {
        return RandomBase.adapter(number, 4 * number);
    }
}
