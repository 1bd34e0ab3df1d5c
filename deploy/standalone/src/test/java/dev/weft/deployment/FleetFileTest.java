package dev.weft.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.deployment.truss.FileFolders;
import dev.weft.gateway.settings.GatewaySettings;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.service.settings.AddressSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
    private static final String QWEN =
            """
            model_name: qwen
            trt_llm:
              build:
                checkpoint_repository: {repo: org/qwen}
                lora_adapters:
                  sql: {repo: org/sql}
            weft:
              inference: {port: 9001, drain-timeout: 7s}
            """;
    private static final String LLAMA =
            """
            model_name: llama
            trt_llm:
              build:
                checkpoint_repository: {source: FILE, repo: llama}
                lora_adapters:
                  json: {source: FILE, repo: json}
            """;

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("more/llama"));
        Files.createDirectories(folder.resolve("more/json"));
        Files.writeString(folder.resolve("qwen.yaml"), QWEN);
        Files.writeString(folder.resolve("more/llama.yaml"), LLAMA);
    }

    @Test
    void aFleetHasTheDeploymentsOfItsFilesAndSettingsOfItsOwn() throws Exception {
        EffectiveDeployment effective =
                read("weft: {deployments: [qwen.yaml, more/llama.yaml], gateway: {port: 9000}}");
        Fleet fleet = effective.fleet();
        assertThat(fleet.bases()).containsExactly("qwen", "llama");
        assertThat(fleet.isOne()).isFalse();
        assertThat(fleet.settings(AddressSettings.class).gateway().port()).isEqualTo(9000);
        assertThat(fleet.deployments().getFirst().settings(InferenceSettings.class).drainTimeout())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(fleet.repositories())
                .extracting(Object::toString)
                .containsExactly(
                        "HF:org/qwen",
                        "HF:org/sql",
                        "FILE:" + folder.resolve("more/llama"),
                        "FILE:" + folder.resolve("more/json"));
        assertThat(effective.listing()).contains("weft.deployments").doesNotContain("model_name");
    }

    @Test
    void aFileOfOneBaseIsAFleetOfOne() throws Exception {
        Fleet fleet = DeploymentFile.readFleet(folder.resolve("qwen.yaml"), List.of()).fleet();
        assertThat(fleet.isOne()).isTrue();
        assertThat(fleet.bases()).containsExactly("qwen");
    }

    @Test
    void theCommandLineAndTheEnvironmentWinOverAllFiles() throws Exception {
        Fleet fleet =
                DeploymentFile.readFleet(
                                file("weft: {deployments: [qwen.yaml, more/llama.yaml]}"),
                                List.of("weft.inference.port=0", "weft.gateway.drain-timeout=3s"),
                                Map.of("WEFT_INFERENCE_DRAIN_TIMEOUT", "9s"))
                        .fleet();
        for (Deployment deployment : fleet.deployments()) {
            assertThat(deployment.settings(AddressSettings.class).inference().port()).isZero();
            assertThat(deployment.settings(InferenceSettings.class).drainTimeout())
                    .isEqualTo(Duration.ofSeconds(9));
        }
        assertThat(fleet.settings(GatewaySettings.class).drainTimeout())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void theFaultsOfAllFilesAreToldTogether() throws Exception {
        Files.writeString(folder.resolve("qwen.yaml"), QWEN.replace("9001", "many"));
        Files.writeString(folder.resolve("more/llama.yaml"), LLAMA.replace("json:", "-json:"));
        assertThatThrownBy(() ->
                        read(
                                """
                                model_name: third
                                weft:
                                  deployments: [qwen.yaml, more/llama.yaml, none.yaml]
                                  inference: {port: 1}
                                """))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining("qwen.yaml:8")
                .hasMessageContaining("'many' is not allowed")
                .hasMessageContaining("the name '-json' is not allowed")
                .hasMessageContaining("none.yaml: there is no such file")
                .hasMessageContaining("fleet.yaml:1: model_name: is not allowed beside")
                .hasMessageContaining("weft.inference: is not allowed beside");
    }

    @Test
    void aFileThatIsNotThereIsToldWhereItIsListed() {
        assertThatThrownBy(() ->
                        read(
                                """
                                weft:
                                  deployments:
                                    - qwen.yaml
                                    - none.yaml
                                """))
                .hasMessageContaining("fleet.yaml:4: weft.deployments: ")
                .hasMessageContaining("none.yaml: there is no such file");
    }

    /** Its services have the fleet's settings, and the worker those of its base. */
    @Test
    void aListedFileMissesOnlyWhatIsOpenedOfIt() throws Exception {
        Files.writeString(
                folder.resolve("qwen.yaml"),
                QWEN + "  tls: {trust: none}\n  catalog: {file-roots: none}\n");
        String fleet = "weft: {deployments: [qwen.yaml, more/llama.yaml]}";
        assertThat(read(fleet).fleet().bases()).containsExactly("qwen", "llama");

        Files.writeString(
                folder.resolve("qwen.yaml"), QWEN.replace("port: 9001", "draft-model: none"));
        assertThatThrownBy(() -> read(fleet))
                .hasMessageContaining("qwen.yaml:8: weft.inference.draft-model: ");
        assertThat(
                        DeploymentFile.readFleet(file(fleet), List.of(), FileFolders.CATALOG)
                                .fleet()
                                .bases())
                .containsExactly("qwen", "llama");
    }

    @Test
    void theCommandLineHasNothingOfOneBaseForAllOfThem() {
        for (String setting :
                List.of(
                        "model_name=third",
                        "trt_llm.build.max_lora_rank=16",
                        "resources.use_gpu=true")) {
            assertThatThrownBy(() ->
                            DeploymentFile.readFleet(
                                    file("weft: {deployments: [qwen.yaml]}"), List.of(setting)))
                    .as(setting)
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("is not allowed beside weft.deployments");
        }
    }

    @Test
    void namesAreUniqueAcrossBases() throws Exception {
        Files.writeString(folder.resolve("more/llama.yaml"), LLAMA.replace("json:", "sql:"));
        assertThatThrownBy(() -> read("weft: {deployments: [qwen.yaml, more/llama.yaml]}"))
                .hasMessageContaining("the name 'sql' is an adapter of 'llama', and one of 'qwen'");
        Files.writeString(folder.resolve("more/llama.yaml"), LLAMA.replace("json:", "qwen:"));
        assertThatThrownBy(() -> read("weft: {deployments: [qwen.yaml, more/llama.yaml]}"))
                .hasMessageContaining("the name 'qwen' is an adapter of 'llama', and a base");
        assertThatThrownBy(() -> read("weft: {deployments: [qwen.yaml, qwen.yaml]}"))
                .hasMessageContaining("two of the files serve their base as 'qwen'");
    }

    @Test
    void whereOneBaseIsNeededAListIsRefused() throws Exception {
        Path fleet = file("weft: {deployments: [qwen.yaml]}");
        assertThatThrownBy(() -> DeploymentFile.read(fleet, List.of()))
                .hasMessageContaining("lists deployments (weft.deployments)");
        Files.writeString(folder.resolve("outer.yaml"), "weft: {deployments: [fleet.yaml]}");
        assertThatThrownBy(() -> DeploymentFile.readFleet(folder.resolve("outer.yaml"), List.of()))
                .hasMessageContaining(
                        "fleet.yaml:1: weft.deployments: is not allowed in a file that another one"
                                + " lists");
    }

    private EffectiveDeployment read(String yaml) throws Exception {
        return DeploymentFile.readFleet(file(yaml), List.of());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), yaml);
    }
}
