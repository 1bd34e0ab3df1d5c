package dev.weft.inference.tensorrtllm;

import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Opens an engine on a model that never goes, and closes it: {@code HangingStopRun FOLDER SECONDS}
 * ends the process after those seconds, or never.
 */
final class HangingStopRun {
    private HangingStopRun() {}

    public static void main(String[] arguments) throws Exception {
        TestBackend.load();
        Path folder = Path.of(arguments[0]);
        Path base = RandomBase.write(folder.resolve("base"));
        Path repository = TestEngine.of(base).model("test_stop_hangs", true).write(folder);
        TensorRtLlmEngine engine =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(repository),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {});
        engine.stopBy(
                new StopDeadline.Rules(
                        Duration.ofSeconds(Long.parseLong(arguments[1])),
                        StopDeadline.Rules.OF_WORKERS.end()));
        System.out.println("closes");
        engine.close();
        System.out.println("closed");
    }
}
