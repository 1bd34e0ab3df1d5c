package dev.weft.tracing;

import dev.weft.settings.secret.SecretSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes settings from a deployment and the environment of the process. The variables are those of
 * OpenTelemetry's specification ("OpenTelemetry Environment Variable Specification" and "OTLP
 * Exporter Configuration"), as far as they matter here; the deployment file wins.
 */
public final class TracingConfiguration {
    private static final String TRACES_PATH = "/v1/traces";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private static final String PAUSE = "OTEL_BSP_SCHEDULE_DELAY";
    private static final List<String> PROTOCOLS =
            List.of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");

    private final Map<String, String> environment;

    private TracingConfiguration(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Takes the values of {@code weft.tracing}; if it names no collector, the environment's one is
     * used.
     *
     * @param secrets those that {@code weft.tracing.headers} may name
     * @throws IllegalArgumentException if a variable asks for something that can't be done
     * @throws IllegalStateException if a secret can't be read
     */
    public static TracingOptions of(
            TracingSettings tracing, SecretSettings secrets, Map<String, String> environment) {
        var variables = new TracingConfiguration(environment);
        URI given = tracing.otlpEndpoint();
        Optional<URI> endpoint =
                given == null ? variables.endpoint() : Optional.of(withPath(given));
        if (endpoint.isEmpty()) {
            return TracingOptions.OFF;
        }
        Map<String, String> ofEnvironment =
                given == null ? variables.pairs("OTEL_EXPORTER_OTLP_HEADERS") : Map.of();
        return new TracingOptions(
                endpoint.get(),
                tracing.sampleRatio(),
                tracing.content(),
                tracing.headers().isEmpty()
                        ? () -> ofEnvironment
                        : new CollectorHeaders(tracing, secrets, environment)::read,
                variables.pairs("OTEL_RESOURCE_ATTRIBUTES"),
                variables.pause());
    }

    private Duration pause() {
        String millis = variable(PAUSE).orElse("" + TracingOptions.USUAL_PAUSE.toMillis());
        if (!millis.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException(
                    PAUSE + " '" + millis + "': 1 to 999999 milliseconds are allowed");
        }
        return Duration.ofMillis(Integer.parseInt(millis));
    }

    private Optional<URI> endpoint() {
        if (variable("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()
                || variable("OTEL_TRACES_EXPORTER").filter("none"::equals).isPresent()) {
            return Optional.empty();
        }
        Optional<URI> endpoint =
                variable(TRACES_ENDPOINT)
                        .map(text -> address(TRACES_ENDPOINT, text))
                        .or(() ->
                                variable(ENDPOINT).map(text -> withPath(address(ENDPOINT, text))));
        endpoint.ifPresent(_ -> PROTOCOLS.forEach(this::requireHttp));
        return endpoint;
    }

    private void requireHttp(String variable) {
        String protocol = variable(variable).orElse("http/protobuf");
        if (!protocol.equals("http/protobuf")) {
            throw new IllegalArgumentException(
                    variable
                            + " '"
                            + protocol
                            + "': http/protobuf is allowed; weft.tracing.otlp-endpoint names a"
                            + " collector that takes it, and OTEL_TRACES_EXPORTER=none sends no"
                            + " traces");
        }
    }

    private static URI address(String variable, String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw refused(variable, text, e);
        }
        throw refused(variable, text, null);
    }

    private static IllegalArgumentException refused(
            String variable, String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                variable + " '" + text + "': an address like http://127.0.0.1:4318 is allowed",
                cause);
    }

    private static URI withPath(URI base) {
        String text = base.toString().replaceAll("/+$", "");
        return text.endsWith(TRACES_PATH) ? URI.create(text) : URI.create(text + TRACES_PATH);
    }

    /** Reads {@code a=b,c=d} with percent-encoded values, as the specification says. */
    private Map<String, String> pairs(String variable) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : variable(variable).orElse("").split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                pairs.put(
                        pair.substring(0, equals).strip(),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            } else if (!pair.isBlank()) {
                throw new IllegalArgumentException(
                        variable + ": NAME=VALUE,... is allowed, and one of its parts has no '='");
            }
        }
        return pairs;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }
}
