package dev.weft.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.deployment.DeploymentFile;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.BuiltEngine;
import dev.weft.format.trtllm.EngineFolder;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.server.settings.DeployedEngine;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EngineBuildTest extends EngineCommandFixture {
    @Test
    void buildsWhatItPlannedAndTheWorkersChecksAcceptIt() throws Exception {
        List<String> planned = commands(engine("plan").out());

        CommandLineRun run = engine("build");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("[1/2] checkpoint", "  | working on it", "[2/2] engine: done");
        assertThat(tools.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(planned).anyMatch(p -> p.endsWith(call)));
        Path built = folder.resolve("models/tensorrt_llm");
        assertThat(built.resolve("1")).isEmptyDirectory();
        assertThat(engine("plan").out().replaceAll("(?m)^ +", ""))
                .contains(
                        Files.readString(built.resolve("config.pbtxt")).replaceAll("(?m)^ +", ""));
        assertThat(built.resolve("engine.log")).content().contains("working on it");
        assertThat(built.resolve("checkpoint")).doesNotExist();
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("base", "weft.yaml", "fake", "models");
        assertThat(folder.resolve("models").toFile().list()).containsExactly("tensorrt_llm");
        BuiltEngine engine = BuiltEngine.find(new EngineFolder(built)).orElseThrow();
        assertThat(
                        engine.faults(
                                DeployedEngine.demands(DeploymentFile.read(file, List.of())),
                                ModelConfig.read(folder.resolve("base/config.json"))))
                .isEmpty();
        assertThat(engine.limits().lora())
                .isEqualTo(
                        new EngineLimits.Lora(
                                NpyType.FLOAT16, 16, Set.copyOf(LinearModule.SEPARATE)));

        CommandLineRun again = engine("build");

        assertThat(again.out()).contains("built already");
        assertThat(tools.calls()).hasSize(2);
    }

    @Test
    void goesOnAfterTheLastStepThatWasFinished() throws IOException {
        tools.fail(true);
        CommandLineRun first = engine("build");
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err())
                .contains(
                        "checkpoint: ",
                        "ended with exit code 3",
                        "tensorrt_llm.building/checkpoint.log");
        assertThat(first.out()).contains("  | CUDA error");
        assertThat(folder.resolve("models/tensorrt_llm")).doesNotExist();

        tools.fail(false);
        Files.writeString(folder.resolve("models/tensorrt_llm.building/checkpoint.done"), "");
        Files.writeString(
                folder.resolve("models/tensorrt_llm.building/checkpoint/config.json"),
                "\"world_size\":1");
        CommandLineRun second = engine("build");

        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("the build goes on in", "[1/2] checkpoint: done before");
        assertThat(tools.calls()).hasSize(2);
        assertThat(folder.resolve("models/tensorrt_llm/engine/rank0.engine")).exists();
    }

    @Test
    void beginsAStepThatWasNotFinishedAnew() throws IOException {
        tools.fail(true);
        engine("build");
        tools.fail(false);

        CommandLineRun second = engine("build");

        assertThat(second.err()).isEmpty();
        assertThat(second.exitCode()).isZero();
        assertThat(folder.resolve("models/tensorrt_llm/engine/half")).doesNotExist();
        assertThat(tools.calls()).hasSize(3);
    }

    @Test
    void refusesWhatWasBegunOrBuiltFromAnotherPlan() throws IOException {
        tools.fail(true);
        engine("build");
        tools.fail(false);

        CommandLineRun other = engine("build", "--set", "trt_llm.build.max_batch_size=4");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("half built from another plan", "--fresh");
        CommandLineRun fresh =
                engine("build", "--fresh", "--set", "trt_llm.build.max_batch_size=4");
        assertThat(fresh.exitCode()).isZero();

        CommandLineRun built = engine("build");
        assertThat(built.exitCode()).isEqualTo(1);
        assertThat(built.err()).contains("holds an engine of another plan");
    }

    @Test
    void leavesABuildThatGoesOnAloneAlsoIfItIsToBeginAnew() throws IOException {
        Path work = Files.createDirectories(folder.resolve("models/tensorrt_llm.building"));
        Path half = Files.writeString(work.resolve("checkpoint.log"), "working on it");
        try (FileChannel other =
                        FileChannel.open(
                                folder.resolve("models/tensorrt_llm.building.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = other.lock()) {
            CommandLineRun run = engine("build", "--fresh");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("another build of ", " goes on");
            assertThat(half).exists();
        }
        assertThat(engine("build", "--fresh").exitCode()).isZero();
    }

    @Test
    void refusesToPutAnEngineOverSomethingElse() throws IOException {
        Files.createDirectories(folder.resolve("models/tensorrt_llm/photos"));

        CommandLineRun run = engine("build");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("holds no engine that Weft built");
        assertThat(tools.calls()).isEmpty();
    }

    @Test
    void saysWhereToBuildWhereTheToolsAreMissing() {
        CommandLineRun run =
                CommandLineRun.of("engine", "build", file.toString(), "--python", "/none/python");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("/none/python can't be started", "docs/tensorrt-llm.md");
    }
}
