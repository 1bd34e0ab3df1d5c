package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.inference.tensorrtllm.triton.LibraryCheck;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the TensorRT-LLM engine on a machine whose C library is too old for libtritonserver. */
class OldCLibraryTest {
    @Test
    void theWorkerSaysInOneLineWhatItNeedsAndWhereToGetIt(@TempDir Path folder) throws Exception {
        assumeTrue(LibraryCheck.lack().isPresent(), "libtritonserver runs on this C library");

        Program.Finished ended =
                Launched.command(
                        Map.of(),
                        "run",
                        "worker",
                        Sample.deploymentFile().toString(),
                        "--port=0",
                        "--data=" + folder.resolve("data"),
                        "--set=weft.engine=tensorrt-llm",
                        "--set=weft.triton.model-repository=" + folder);

        assertThat(ended.exit()).isEqualTo(1);
        List<String> said =
                ended.output().lines().filter(line -> line.contains("libtritonserver")).toList();
        assertThat(said)
                .singleElement()
                .asString()
                .contains(
                        "needs glibc 2.38",
                        "this machine has glibc 2.",
                        "nvcr.io/nvidia/tritonserver:");
        assertThat(ended.output()).doesNotContain("\tat ");
    }
}
