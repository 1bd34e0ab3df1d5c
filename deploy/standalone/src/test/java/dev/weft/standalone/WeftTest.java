package dev.weft.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.http.OfUrl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class WeftTest {
    @TempDir Path folder;

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("d.yaml"), yaml).toString();
    }

    private String small() throws IOException {
        return file("model_name: m\ntrt_llm: {build: {checkpoint_repository: {repo: o/m}}}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serve",
                "run",
                "config",
                "config show",
                "adapters",
                "adapters add",
                "adapters list",
                "adapters show",
                "adapters disable",
                "adapters enable",
                "adapters remove",
                "chat",
                "bench",
                "bench adapters",
                "bench perplexity",
                "top"
            })
    void everyCommandHasHelp(String command) {
        CommandLineRun run = CommandLineRun.of((command + " --help").strip().split(" "));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: weft " + command);
    }

    @Test
    void configShowPrintsEveryValueWithItsOrigin() throws IOException {
        CommandLineRun run =
                CommandLineRun.of("config", "show", small(), "--set", "weft.gateway.port=9");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().replaceAll(" +", " "))
                .contains("model_name m d.yaml:1\n", "weft.gateway.port 9 --set\n");
    }

    @Test
    void configShowPrintsJson() throws IOException {
        CommandLineRun run = CommandLineRun.of("config", "show", small(), "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"model_name\" : \"m\"", "\"bind-address\"");
    }

    /** What libraries log goes to standard error, in a process that has set up no log yet. */
    @Test
    void standardOutputHoldsTheAnswerAlone() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Weft.class.getName(),
                                "config",
                                "show",
                                small(),
                                "--json")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(JsonMapper.shared().readTree(output).path("model_name").asString())
                .isEqualTo("m");
    }

    @Test
    void configShowSaysWhichKernelsThisMachineTakes() throws IOException {
        CommandLineRun run = effective("weft.inference.kernels=vector");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("KEY ")
                .containsPattern(
                        "The embedded engine on this machine, 2 threads, weft.inference.kernels"
                                + " vector, instruction-set auto:\n"
                                + "  bf16\n"
                                + "    all shapes: vector x\\d+, instruction set [a-z0-9-]+, as"
                                + " weft.inference.kernels says\n"
                                + "  int8 \\(this deployment's\\)\n"
                                + "    all shapes: vector x");
    }

    /** Of this processor: it has instructions for a precision, or measures, or lacks oneDNN. */
    @Test
    void configShowSaysHowKernelsAreChosen() throws IOException {
        CommandLineRun run = effective("weft.inference.kernels=auto");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern(
                        "(?s)  bf16\n"
                            + "    (all shapes: \\S+( x\\d+)?, instruction set \\S+, (which has"
                            + " instructions for bf16|since oneDNN has no fast bf16 kernel"
                            + " here)|the fastest by shape of (onednn( floats)? and )+vector x\\d+,"
                            + " instruction sets \\S+\n"
                            + "    measured at the next start, and kept in"
                            + " \\S+/worker/kernels.properties)\n");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void configShowsKernelsAreNoJson() throws IOException {
        CommandLineRun run = CommandLineRun.of("config", "show", small(), "--json", "--effective");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--effective is text for people");
    }

    private CommandLineRun effective(String setting) throws IOException {
        return CommandLineRun.of(
                "config",
                "show",
                small(),
                "--effective",
                "--data",
                folder.resolve("data").toString(),
                "--set",
                "weft.inference.precision=int8",
                "--set",
                "weft.inference.threads=2",
                "--set",
                setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "run gateway", "config show"})
    void aWrongFileEndsWithTwoAndAllFaults(String command) throws IOException {
        String yaml = file("model_name: m\nweft: {engine: warp, gateway: {prt: 1}}\n");
        CommandLineRun run = CommandLineRun.of((command + " " + yaml).split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "weft: d.yaml:2: weft.engine: 'warp' is not allowed: auto, cpu,"
                                + " tensorrt-llm, vllm, trtllm-serve, sglang",
                        "weft: d.yaml:2: weft.gateway.prt: is not a key of Weft: did you mean"
                                + " weft.gateway.port?",
                        "weft: d.yaml:1: trt_llm.build.checkpoint_repository.repo: is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999", "-1", "80a", ""})
    void aWrongPortIsAFaultOfItsOption(String port) throws IOException {
        CommandLineRun run = CommandLineRun.of("serve", small(), "--port", port);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'--port': '" + port + "' is not allowed: 0 to 65535")
                .doesNotContain("--set weft");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adapters list --catalog localhost:8081",
                "adapters --catalog localhost:8081 workers list",
                "bases list --catalog 127.0.0.1:8081",
                "tokens list --catalog //127.0.0.1:8081",
                "usage --catalog localhost:8081",
                "chat m hello --gateway localhost:8080",
                "top --gateway localhost:8080",
                "top --worker localhost:8082",
                "bench localhost:8080",
                "bench gateway --beside localhost:8080",
                "bench --catalog localhost:8081"
            })
    void whatIsNoAddressEndsWithTwoAndTheForm(String command) {
        CommandLineRun run = CommandLineRun.of(command.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is not allowed: an address like http://127.0.0.1:8080");
    }

    @Test
    void everyOptionThatIsAnAddressIsCheckedAsOne() {
        assertThat(options(Weft.commandLine()))
                .filteredOn(option -> option.typeInfo().getClassName().equals(URI.class.getName()))
                .isNotEmpty()
                .allSatisfy(option ->
                        assertThat(option.converters())
                                .as(option.longestName())
                                .hasAtLeastOneElementOfType(OfUrl.class));
    }

    private static Stream<CommandLine.Model.OptionSpec> options(CommandLine command) {
        return Stream.concat(
                command.getCommandSpec().options().stream(),
                command.getSubcommands().values().stream().flatMap(WeftTest::options));
    }

    @Test
    void aMissingCommandIsToldWithAllThatThereAre() {
        CommandLine adapters =
                Objects.requireNonNull(Weft.commandLine().getSubcommands().get("adapters"));
        assertThat(CommandLineRun.of("adapters").err())
                .contains(adapters.getSubcommands().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"weave", "run", "run loom", "config", "adapters", "adapters add sql"})
    void aWrongCommandLineEndsWithTwo(String command) {
        assertThat(CommandLineRun.of(command.split(" ")).exitCode()).isEqualTo(2);
    }
}
