package dev.weft.tracing;

import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Unset;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.settings.text.Pairs;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.tracing}.
 *
 * @param otlpEndpoint Collector that traces are sent to, by OTLP over HTTP (port 4318 of most);
 *     {@code /v1/traces} is added if it is missing.
 * @param sampleRatio Share of the requests without a {@code traceparent} that are traced; a {@code
 *     traceparent} decides for its own request.
 * @param content Prompts and answers are written into the traces, as they are; not those that a
 *     server beside the worker answers.
 * @param headers Headers that the collector asks for; each holds a secret of {@code weft.secrets}.
 */
@ConfigurationProperties("weft.tracing")
public record TracingSettings(
        @Unset("`OTEL_EXPORTER_OTLP_ENDPOINT`, else none: nothing is traced")
                @Nullable URI otlpEndpoint,
        @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                double sampleRatio,
        @DefaultValue("false") boolean content,
        @DefaultValue @Allowed("NAME=SECRET, where NAME is that of a header and SECRET a name")
                List<Header> headers)
        implements Consistent {
    public TracingSettings {
        headers = List.copyOf(headers);
    }

    /** Name of the secret for each header that the collector is sent. */
    public Map<String, String> secretsByHeader() {
        Map<String, String> secrets = new LinkedHashMap<>();
        headers.forEach(header -> secrets.put(header.name, header.secret));
        return secrets;
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        for (String name : Pairs.repeated(headers.stream().map(Header::name))) {
            faults.add("headers", "'" + name + "' is there twice");
        }
        for (Header header : headers) {
            all.get(SecretSettings.class).require(header.secret, "headers", faults);
        }
    }

    /** A header that holds a secret. */
    public record Header(String name, String secret) {
        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9-]+)=([A-Za-z0-9_-]+)");

        /** Reads {@code NAME=SECRET}. */
        public static Header of(String text) {
            Matcher parts = Pairs.match(FORM, text);
            return new Header(parts.group(1).toLowerCase(Locale.ROOT), parts.group(2));
        }

        @Override
        public String toString() {
            return name + "=" + secret;
        }
    }
}
