package dev.weft.source;

import dev.weft.settings.secret.Credentials;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.HttpLimits;
import dev.weft.source.object.ObjectStores;
import dev.weft.source.object.StoreEndpoints;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * How repositories are reached; {@link SourceConfiguration} makes these settings from a deployment.
 *
 * @param hubEndpoint the Hugging Face hub or a server that speaks its protocol; no slash at its end
 * @param rules for REMOTE_URL: trusted are the hosts of the addresses that the deployment file
 *     itself names; the ranges hold for every source
 * @param credentials the secret for each place
 * @param stores the addresses of object stores
 * @param http waits of one request
 * @param attempts waits of one fetch
 */
public record SourceOptions(
        URI hubEndpoint,
        AddressRules rules,
        Credentials credentials,
        StoreEndpoints stores,
        HttpLimits http,
        AttemptLimits attempts) {
    static final HttpLimits HTTP =
            new HttpLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 1024);
    static final AttemptLimits ATTEMPTS =
            new AttemptLimits(Duration.ofHours(6), 5, Duration.ofMillis(400));

    public SourceOptions {
        String scheme = hubEndpoint.getScheme();
        if (hubEndpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT '" + hubEndpoint + "': an http or https address is allowed");
        }
    }

    /** Returns these options for a caller that waits itself for a source that is busy. */
    public SourceOptions impatient() {
        return new SourceOptions(
                hubEndpoint, rules, credentials, stores, http, attempts.impatient());
    }

    /**
     * Opens object stores at these endpoints with these credentials.
     *
     * @param clock says when access tokens end
     */
    public ObjectStores objectStores(Clock clock) {
        return new ObjectStores(stores, rules.ranges(), credentials, http.silence(), clock);
    }
}
