package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.bind.TestSettings;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.http.AddressRules;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceConfigurationTest {
    @Test
    void hasDefaultsForEverything() {
        SourceOptions settings = SourceConfiguration.fromEnvironment(Map.of());

        assertThat(settings.hubEndpoint()).hasToString("https://huggingface.co");
        assertThat(settings.http().silence()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.attempts())
                .isEqualTo(new AttemptLimits(Duration.ofHours(6), 5, Duration.ofMillis(400)));
        assertThat(settings.rules()).isEqualTo(AddressRules.NONE);
    }

    @Test
    void readsEndpointAndTokenOfTheEnvironmentAndHidesTheToken() throws Exception {
        SourceOptions settings =
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
        BoundSettings given =
                TestSettings.of(
                        "weft.sources.hf.endpoint=http://hub:1",
                        "weft.sources.allowed-hosts=*.example.org",
                        "weft.sources.credentials=s3=minio",
                        "weft.secrets.minio.value=id:hush");
        SourceOptions settings =
                SourceConfiguration.of(
                        given,
                        List.of(
                                remote("http://10.0.0.7:8000/base/"),
                                remote("https://files.example.com/sql.tar.gz")),
                        Map.of("HF_ENDPOINT", "http://other"));

        assertThat(settings.hubEndpoint()).isEqualTo(URI.create("http://hub:1"));
        assertThat(settings.rules().trusted())
                .containsExactly(
                        HostPattern.of("10.0.0.7:8000"), HostPattern.of("files.example.com:443"));
        assertThat(settings.rules().hosts()).isEqualTo(List.of(HostPattern.of("*.example.org")));
        assertThat(settings.credentials().at("s3://any", "s3").orElseThrow().text())
                .isEqualTo("id:hush");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "https://Files.Example.com, https://files.example.com",
        "https://files.example.com:443, https://files.example.com",
        "http://files.example.com:80, http://files.example.com",
        "http://files.example.com:443, http://files.example.com:443"
    })
    void anOriginIsTheSameHoweverItIsSpelled(String spelled, String origin) throws Exception {
        BoundSettings given =
                TestSettings.of(
                        "weft.sources.credentials=" + spelled + "=files",
                        "weft.secrets.files.value=hush");
        SourceOptions settings = SourceConfiguration.of(given, List.of(), Map.of());

        assertThat(settings.credentials().at(origin).orElseThrow().text()).isEqualTo("hush");
        assertThat(Credentials.place(URI.create(spelled + "/lora/"))).isEqualTo(origin);
    }

    private static RepositoryRef remote(String address) {
        return new RepositoryRef(RepositorySource.REMOTE_URL, address, null);
    }
}
