package dev.weft.system.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.deployment.DeploymentFile;
import dev.weft.system.fleet.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs {@code gpu-check.sh} without a GPU: programs take the place of podman and nvidia-smi, make
 * the files that the image's would make, and fail if a test asks for it.
 */
@EnabledOnOs(OS.LINUX)
class GpuCheckTest {
    private static final Path SCRIPT =
            Path.of("..", "..", "deploy", "container", "tensorrt-llm", "gpu-check.sh")
                    .toAbsolutePath()
                    .normalize();
    private static final List<String> STEPS =
            List.of(
                    "machine",
                    "start",
                    "base",
                    "adapters",
                    "plan",
                    "engine",
                    "cache-of-two",
                    "reference",
                    "serve",
                    "answers",
                    "rotation",
                    "cancels",
                    "reload",
                    "signals",
                    "health",
                    "metrics",
                    "term");

    private static final String PODMAN =
            """
            echo "$*" >> "$FAKE/asked"
            case "$*" in
              --version) echo "podman version 5.4" ;;
              rm\\ *|stop\\ *) ;;
              *"$FAILING"*) echo "it fails as asked"; exit 1 ;;
              *snapshot_download*) for word; do :; done; echo '{}' > "$word/config.json" ;;
              *"import tensorrt_llm"*) echo "tensorrt_llm 1.2.1" ;;
              *reference.py*) echo '{}' > "$WORK/report/reference.json"; echo "base: 99 sure tokens" ;;
              run\\ -d\\ *) echo c0ffee ;;
              *" --help") echo "Usage: weft [-hV] [COMMAND]" ;;
              *"bench adapters"*) mkdir -p "$WORK"/adapters/lora-000{1..6} ;;
              *"engine plan"*) echo "a plan" ;;
              *"engine build"*)
                mkdir -p "$WORK/models/tensorrt_llm"
                echo 'parameters { key: "lora_cache_host_memory_bytes" value: { string_value: "600" } }' \\
                  > "$WORK/models/tensorrt_llm/config.pbtxt" ;;
              logs\\ *) echo "ready http://127.0.0.1:18080" ;;
              *State.Running*) echo true ;;
              *State.Health*) echo healthy ;;
              *State.ExitCode*) echo 143 ;;
              *" save "*)
                for word; do :; done
                printf 'nv_trt_llm_x 1\\nweft_gpu_memory_used_bytes{gpu="0"} 5\\n' > "$word" ;;
            esac
            """;

    @TempDir private Path folder;
    private Path programs;
    private Path work;

    @BeforeEach
    void prepare() throws IOException {
        programs = Files.createDirectory(folder.resolve("programs"));
        work = folder.resolve("work");
        program("podman", PODMAN);
        program(
                "nvidia-smi",
                """
                case "$*" in
                  *memory.used*) echo "512 MiB" ;;
                  *name*) echo "NVIDIA H100 80GB HBM3, 590.44, 81559 MiB" ;;
                esac
                """);
        program("df", "printf 'Filesystem\\nx 1 1 99000000 1%% /\\n'");
        program("sleep", "exit 0");
    }

    @Test
    void checksEverythingAndPacksAReport() throws Exception {
        Program.Finished ended = check("nothing");

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("17 passed, 0 failed, 0 skipped: send " + work)
                .contains("H100 80GB HBM3, 590.44")
                .doesNotContain("FAIL");
        JsonNode summary = JsonMapper.shared().readTree(report("summary.json"));
        List<String> steps = new ArrayList<>();
        summary.path("steps")
                .forEach(step ->
                        steps.add(
                                step.path("result").asString()
                                        + " "
                                        + step.path("step").asString()));
        assertThat(steps).isEqualTo(STEPS.stream().map(step -> "PASS " + step).toList());
        assertThat(contents())
                .contains(
                        "report/summary.json",
                        "report/result.txt",
                        "report/deploy.yaml",
                        "report/config.pbtxt",
                        "report/reference.json",
                        "report/metrics.txt",
                        "report/logs/worker.log",
                        "report/logs/machine.log");
        assertThat(report("config.pbtxt")).contains("string_value: \"200\"");
    }

    /** The container has what the image's page asks for, and Weft accepts the file. */
    @Test
    void servesADeploymentThatWeftAccepts() throws Exception {
        assertThat(check("nothing").exit()).isZero();

        assertThat(asked().filter(line -> line.startsWith("run ")))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line)
                                .contains(
                                        "--read-only",
                                        "--cap-drop ALL",
                                        "--ulimit memlock=-1",
                                        "--device nvidia.com/gpu=all"));
        var deployment =
                DeploymentFile.readEffective(work.resolve("deploy.yaml"), List.of()).deployment();
        assertThat(deployment.base().servedName()).isEqualTo("base");
        assertThat(deployment.useGpu()).isTrue();
        assertThat(asked().filter(line -> line.contains(" --entrypoint ")))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line)
                                .contains(
                                        "-e HF_TOKEN",
                                        "--entrypoint /opt/nvidia/nvidia_entrypoint.sh",
                                        " python3 "));
    }

    @Test
    void aFaultOfOneCheckLeavesTheOthers() throws Exception {
        Program.Finished ended = check("client.py http://127.0.0.1:18080 rotation");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output())
                .containsPattern("FAIL rotation \\(\\d+ s\\): it fails as asked")
                .contains("PASS cancels", "PASS term")
                .contains("16 passed, 1 failed");
        assertThat(contents()).contains("report/summary.json", "report/logs/rotation.log");
    }

    @Test
    void withoutAnEngineNothingElseIsAsked() throws Exception {
        Program.Finished ended = check("engine build");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output())
                .contains("FAIL engine", "5 passed, 1 failed, 0 skipped")
                .doesNotContain("serve");
        assertThat(report("summary.json")).contains("\"said\": \"it fails as asked \"");
    }

    @Test
    void saysThatThereIsNoGpu() throws Exception {
        program("nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9");

        Program.Finished ended = check("nothing");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output()).contains("FAIL machine", "is the driver installed?");
        assertThat(contents()).contains("report/summary.json");
    }

    @Test
    void aStepThatHangsEnds() throws Exception {
        // the deadline of this step is 10 s
        program(
                "sed",
                "case \"$*\" in *lora_cache*) exec /bin/sleep 600 ;; esac; exec /bin/sed \"$@\"");

        Program.Finished ended = check("nothing");

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.output())
                .containsPattern("FAIL cache-of-two \\(\\d+ s\\): no end within 10 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--gpus           | there is no option '--gpus'",
                "--work           | --work needs a value",
                "--port 80        | --port '80' is not a number from 1024 to 65533",
                "--port 65535     | --port '65535' is not a number",
                "--containers lxc | --containers 'lxc' is neither docker nor podman",
                "--accelerator a;b| --accelerator 'a;b' is not a name"
            })
    void refusesWrongOptionsByName(String options, String message) throws Exception {
        Program.Finished ended = run(List.of(options.split(" ")), Map.of());

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.output()).contains(message);
    }

    @Test
    void saysWhatItDoes() throws Exception {
        Program.Finished ended = run(List.of("--help"), Map.of());

        assertThat(ended.exit()).isZero();
        assertThat(ended.output()).startsWith("Usage: gpu-check.sh").contains("--image NAME");
    }

    @Test
    void hasNothingThatShellcheckMinds() throws Exception {
        boolean there =
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "shellcheck")));
        assumeTrue(there, "shellcheck is not installed");

        Program.Finished ended = Program.named("shellcheck").run(SCRIPT.toString());

        assertThat(ended.exit()).as(ended.output()).isZero();
    }

    private Program.Finished check(String failing) throws Exception {
        return run(
                List.of("--image", "fake-image", "--work", work.toString()),
                Map.of("FAILING", failing));
    }

    private Program.Finished run(List<String> arguments, Map<String, String> environment)
            throws Exception {
        ProcessBuilder script = new Program(SCRIPT).with(arguments);
        script.environment().merge("PATH", programs + ":", (path, own) -> own + path);
        script.environment().put("FAKE", folder.toString());
        script.environment().put("WORK", work.toString());
        script.environment().putAll(environment);
        return Program.finish(script, 300);
    }

    private String report(String file) throws IOException {
        return Files.readString(work.resolve("report").resolve(file));
    }

    private Stream<String> asked() throws IOException {
        return Files.readAllLines(folder.resolve("asked")).stream();
    }

    private List<String> contents() throws Exception {
        return Program.named("tar")
                .run("-tzf", work.resolve("weft-gpu-check.tar.gz").toString())
                .output()
                .lines()
                .toList();
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(programs.resolve(name), "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
