package dev.weft.inference.tensorrtllm;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineContractTest;
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
                base, TestSettings.of(repository), TestSettings.NO_TOKENIZER, _ -> {});
    }

    @Override
    protected LoraAdapter adapter(int number) {
        return RandomBase.adapter(number, 4 * number);
    }
}
