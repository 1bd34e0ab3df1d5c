package dev.weft.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.secret.SecretSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingConfigurationTest {
    private static TracingOptions of(@Nullable String endpoint, Map<String, String> environment) {
        return TracingConfiguration.of(
                new TracingSettings(
                        endpoint == null ? null : URI.create(endpoint), 0.5, true, List.of()),
                SecretSettings.NONE,
                environment);
    }

    @ParameterizedTest
    @CsvSource({
        "http://tempo:4318, http://tempo:4318/v1/traces",
        "https://host/otlp, https://host/otlp/v1/traces",
        "https://host/otlp/v1/traces, https://host/otlp/v1/traces"
    })
    void theFileNamesTheCollectorWithOrWithoutThePath(String given, URI sent) {
        TracingOptions settings =
                of(given, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://elsewhere:1"));
        assertThat(settings.endpoint()).isEqualTo(sent);
        assertThat(settings.sampleRatio()).isEqualTo(0.5);
        assertThat(settings.content()).isTrue();
    }

    @Test
    void nothingIsTracedWhereNobodyNamesACollector() {
        assertThat(of(null, Map.of())).isEqualTo(TracingOptions.OFF);
    }

    @Test
    void elseTheEnvironmentDoesAsOpenTelemetrySpecifiesIt() {
        TracingOptions settings =
                of(
                        null,
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                "http://collector:4318/",
                                "OTEL_EXPORTER_OTLP_HEADERS",
                                "authorization=Basic%20a+b=,x=1",
                                "OTEL_RESOURCE_ATTRIBUTES",
                                "k8s.pod.name=pod-1"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://collector:4318/v1/traces"));
        assertThat(settings.headers().get())
                .isEqualTo(Map.of("authorization", "Basic a+b=", "x", "1"));
        assertThat(settings.resource()).isEqualTo(Map.of("k8s.pod.name", "pod-1"));
        assertThat(
                        of(
                                        null,
                                        Map.of(
                                                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                                                "http://collector:1/as/it/is"))
                                .endpoint())
                .isEqualTo(URI.create("http://collector:1/as/it/is"));
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_TRACES_EXPORTER, none"})
    void theEnvironmentMayTakeItBack(String variable, String value) {
        assertThat(
                        of(
                                null,
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://collector:4318",
                                        variable,
                                        value)))
                .isEqualTo(TracingOptions.OFF);
    }

    @Test
    void theEnvironmentSaysHowOftenSpansAreSent() {
        String endpoint = "http://127.0.0.1:1";
        assertThat(of(endpoint, Map.of()).pause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(of(endpoint, Map.of("OTEL_BSP_SCHEDULE_DELAY", "200")).pause())
                .isEqualTo(Duration.ofMillis(200));
        assertThatThrownBy(() -> of(endpoint, Map.of("OTEL_BSP_SCHEDULE_DELAY", "5s")))
                .hasMessage("OTEL_BSP_SCHEDULE_DELAY '5s': 1 to 999999 milliseconds are allowed");
    }

    @Test
    void whatTheEnvironmentSaysAndCanNotBeDoneIsAFault() {
        assertThatThrownBy(() -> of(null, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")))
                .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT 'collector:4317'");
        assertThatThrownBy(() ->
                        of(
                                null,
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://collector:4317",
                                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                                        "grpc")))
                .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL 'grpc'");
        assertThatThrownBy(() ->
                        of(
                                null,
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://collector:4318",
                                        "OTEL_EXPORTER_OTLP_HEADERS",
                                        "secret")))
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
                .hasMessageNotContaining("secret");
    }
}
