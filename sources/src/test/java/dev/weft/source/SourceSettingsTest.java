package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceSettingsTest {
    @Test
    void hasDefaultsForEverything() {
        SourceSettings settings = SourceSettings.fromEnvironment(Map.of());

        assertThat(settings)
                .isEqualTo(
                        new SourceSettings(
                                URI.create("https://huggingface.co"),
                                null,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofHours(6),
                                5,
                                Duration.ofMillis(500)));
    }

    @Test
    void readsEndpointAndTokenAndHidesTheToken() {
        SourceSettings settings =
                SourceSettings.fromEnvironment(
                        Map.of(
                                "HF_ENDPOINT",
                                "http://hub.local:8000/mirror//",
                                "HF_TOKEN",
                                " abc\n"));

        assertThat(settings.hubEndpoint()).hasToString("http://hub.local:8000/mirror");
        assertThat(settings.hubToken()).isEqualTo("abc");
        assertThat(settings.toString()).doesNotContain("abc");
        assertThat(SourceSettings.fromEnvironment(Map.of("HF_TOKEN", " ", "HF_ENDPOINT", "")))
                .isEqualTo(SourceSettings.fromEnvironment(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub.local", "ftp://hub", "http:///x", "a b"})
    void namesAnEndpointThatIsNone(String endpoint) {
        assertThatThrownBy(() -> SourceSettings.fromEnvironment(Map.of("HF_ENDPOINT", endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_ENDPOINT")
                .hasMessageContaining(endpoint);
    }

    @Test
    void refusesATokenThatNoHeaderCanHold() {
        assertThatThrownBy(() -> SourceSettings.fromEnvironment(Map.of("HF_TOKEN", "a\nb")))
                .hasMessageContaining("HF_TOKEN");
    }
}
