package dev.weft.source;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.settings.secret.Credentials;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.HttpLimits;
import dev.weft.source.object.ObjectStores;
import dev.weft.source.object.StoreEndpoints;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How repositories are reached; {@link SourceConfiguration} makes these settings from a deployment.
 *
 * @param hubEndpoint the Hugging Face hub or a server that speaks its protocol; no slash at its end
 * @param declaredHosts hosts of the addresses that the deployment file itself names
 * @param allowedHosts further hosts that REMOTE_URL may name or be redirected to
 * @param allowedAddresses addresses that are allowed although they are not public
 * @param credentials the secret for each place
 * @param stores the addresses of object stores
 * @param http waits of one request
 * @param attempts waits of one fetch
 */
public record SourceOptions(
        URI hubEndpoint,
        List<HostPattern> declaredHosts,
        List<HostPattern> allowedHosts,
        List<AddressRange> allowedAddresses,
        Credentials credentials,
        StoreEndpoints stores,
        HttpLimits http,
        AttemptLimits attempts) {
    static final HttpLimits HTTP =
            new HttpLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 1024);
    static final AttemptLimits ATTEMPTS =
            new AttemptLimits(Duration.ofHours(6), 5, Duration.ofMillis(400));

    public SourceOptions {
        declaredHosts = List.copyOf(declaredHosts);
        allowedHosts = List.copyOf(allowedHosts);
        allowedAddresses = List.copyOf(allowedAddresses);
        String scheme = hubEndpoint.getScheme();
        if (hubEndpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT '" + hubEndpoint + "': an http or https address is allowed");
        }
    }

    /**
     * Opens object stores at these endpoints with these credentials.
     *
     * @param clock says when access tokens end
     */
    public ObjectStores objectStores(Clock clock) {
        return new ObjectStores(stores, allowedAddresses, credentials, http.silence(), clock);
    }

    AddressRules urlRules() {
        return new AddressRules(
                declaredHosts, allowedHosts, allowedAddresses, "weft.sources.allowed-hosts");
    }
}
