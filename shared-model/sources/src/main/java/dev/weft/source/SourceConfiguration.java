package dev.weft.source;

import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.HttpLimits;
import dev.weft.source.object.StoreEndpoints;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Makes settings from a deployment and the environment of the process. */
public final class SourceConfiguration {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    private SourceConfiguration() {}

    /**
     * Takes the values of {@code weft.sources} and {@code weft.secrets}; if they give none, those
     * of the variables that each provider's own tools read ({@code HF_ENDPOINT}, {@code HF_TOKEN},
     * {@code AWS_...}, ...).
     *
     * @param declared the repositories that the deployment file names
     * @throws IllegalArgumentException if HF_ENDPOINT is not an address
     */
    public static SourceOptions of(BoundSettings settings, List<RepositoryRef> declared) {
        return of(settings, declared, System.getenv());
    }

    static SourceOptions of(
            BoundSettings settings, List<RepositoryRef> declared, Map<String, String> environment) {
        SourceSettings sources = settings.get(SourceSettings.class);
        SecretSettings secrets = settings.get(SecretSettings.class);
        Credentials credentials =
                new Credentials(secrets.places(), sources.secretsByPlace(), environment);
        URI hub = sources.hf().endpoint();
        return new SourceOptions(
                hub == null ? hubEndpoint(credentials) : hub,
                new AddressRules(
                        hosts(declared), sources.allowedHosts(), sources.allowedAddresses()),
                credentials,
                new StoreEndpoints(
                        sources.s3().endpoint(),
                        sources.s3().region(),
                        sources.gcs().endpoint(),
                        sources.azure().endpoint(),
                        sources.azure().account()),
                new HttpLimits(
                        SourceOptions.HTTP.connect(),
                        sources.stallTimeout(),
                        sources.minBytesPerSecond()),
                SourceOptions.ATTEMPTS);
    }

    /** The settings that apply if a deployment says nothing of sources. */
    public static SourceOptions fromEnvironment(Map<String, String> environment) {
        Credentials credentials = new Credentials(Map.of(), Map.of(), environment);
        return new SourceOptions(
                hubEndpoint(credentials),
                AddressRules.NONE,
                credentials,
                StoreEndpoints.DEFAULT,
                SourceOptions.HTTP,
                SourceOptions.ATTEMPTS);
    }

    private static URI hubEndpoint(Credentials credentials) {
        String endpoint =
                credentials.setting("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceAll("/+$", "");
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT '" + endpoint + "': an http or https address is allowed", e);
        }
    }

    private static List<HostPattern> hosts(List<RepositoryRef> declared) {
        return declared.stream()
                .filter(ref -> ref.source() == RepositorySource.REMOTE_URL)
                .map(RepositoryRef::repo)
                .map(URI::create)
                .filter(uri -> uri.getHost() != null)
                .map(SourceConfiguration::pattern)
                .distinct()
                .toList();
    }

    private static HostPattern pattern(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        return HostPattern.of(uri.getHost() + ":" + port);
    }
}
