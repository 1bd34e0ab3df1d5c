package dev.weft.source;

import dev.weft.protocol.repository.HostPattern;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.HttpLimits;
import dev.weft.source.object.StoreEndpoints;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings with short waits. */
public final class TestSourceOptions {
    public static final HttpLimits HTTP =
            new HttpLimits(Duration.ofSeconds(5), Duration.ofMillis(1500), 1);
    public static final AttemptLimits ATTEMPTS =
            new AttemptLimits(Duration.ofSeconds(40), 3, Duration.ofMillis(1));

    private TestSourceOptions() {}

    /** A hub, and variables of the process. */
    static SourceOptions of(URI hub, Map<String, String> environment) {
        return new SourceOptions(
                hub,
                AddressRules.NONE,
                new Credentials(Map.of(), Map.of(), environment),
                StoreEndpoints.DEFAULT,
                HTTP,
                ATTEMPTS);
    }

    /** Hosts for REMOTE_URL. */
    static SourceOptions urls(String... allowedHosts) {
        return urls(new Credentials(Map.of(), Map.of(), Map.of()), allowedHosts);
    }

    static SourceOptions urls(Credentials credentials, String... allowedHosts) {
        return new SourceOptions(
                URI.create("https://hub.invalid"),
                new AddressRules(
                        List.of(),
                        List.of(allowedHosts).stream().map(HostPattern::of).toList(),
                        List.of()),
                credentials,
                StoreEndpoints.DEFAULT,
                HTTP,
                ATTEMPTS);
    }

    static SourceOptions with(SourceOptions settings, HttpLimits http, AttemptLimits attempts) {
        return new SourceOptions(
                settings.hubEndpoint(),
                settings.rules(),
                settings.credentials(),
                settings.stores(),
                http,
                attempts);
    }
}
