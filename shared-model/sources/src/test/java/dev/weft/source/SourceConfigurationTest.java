package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.source.fetch.AttemptLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceConfigurationTest {
    @TempDir Path folder;

    @Test
    void hasDefaultsForEverything() {
        SourceSettings settings = SourceConfiguration.fromEnvironment(Map.of());

        assertThat(settings.hubEndpoint()).hasToString("https://huggingface.co");
        assertThat(settings.http().silence()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.attempts())
                .isEqualTo(new AttemptLimits(Duration.ofHours(6), 5, Duration.ofMillis(400)));
        assertThat(settings.allowedHosts()).isEmpty();
        assertThat(settings.allowedAddresses()).isEmpty();
    }

    @Test
    void readsEndpointAndTokenOfTheEnvironmentAndHidesTheToken() throws Exception {
        SourceSettings settings =
                SourceConfiguration.fromEnvironment(
                        Map.of(
                                "HF_ENDPOINT",
                                "http://hub.local:8000/mirror//",
                                "HF_TOKEN",
                                " hush\n"));

        assertThat(settings.hubEndpoint()).hasToString("http://hub.local:8000/mirror");
        assertThat(settings.credentials().variable("HF_TOKEN").orElseThrow().token())
                .isEqualTo("hush");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub.local", "ftp://hub", "http:///x", "a b"})
    void namesAnEndpointThatIsNone(String endpoint) {
        assertThatThrownBy(
                        () -> SourceConfiguration.fromEnvironment(Map.of("HF_ENDPOINT", endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_ENDPOINT")
                .hasMessageContaining(endpoint);
    }

    @Test
    void theDeploymentFileWinsOverTheEnvironmentAndAllowsItsOwnAddresses() throws Exception {
        SourceSettings settings =
                SourceConfiguration.of(
                        deployment(
                                """
                                model_name: small
                                trt_llm:
                                  build:
                                    checkpoint_repository: {source: REMOTE_URL, repo: "http://10.0.0.7:8000/base/"}
                                    lora_adapters:
                                      sql: {source: REMOTE_URL, repo: "https://files.example.com/sql.tar.gz"}
                                weft:
                                  sources:
                                    hf: {endpoint: "http://hub:1"}
                                    allowed-hosts: "*.example.org"
                                    credentials: ["s3=minio"]
                                  secrets: {minio: {value: "id:hush"}}
                                """),
                        Map.of("HF_ENDPOINT", "http://other"));

        assertThat(settings.hubEndpoint()).isEqualTo(URI.create("http://hub:1"));
        assertThat(settings.declaredHosts())
                .containsExactly(
                        HostPattern.of("10.0.0.7:8000"), HostPattern.of("files.example.com:443"));
        assertThat(settings.allowedHosts()).isEqualTo(List.of(HostPattern.of("*.example.org")));
        assertThat(settings.credentials().at("s3://any", "s3").orElseThrow().text())
                .isEqualTo("id:hush");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    private Deployment deployment(String yaml) throws IOException, DeploymentException {
        return DeploymentFile.read(
                Files.writeString(folder.resolve("deployment.yaml"), yaml), List.of());
    }
}
