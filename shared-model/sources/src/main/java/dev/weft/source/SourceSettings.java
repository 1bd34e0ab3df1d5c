package dev.weft.source;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Unset;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.settings.text.NotAllowedException;
import dev.weft.settings.text.Pairs;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.sources}.
 *
 * @param allowedHosts Hosts that REMOTE_URL may name and be sent on to, besides those of addresses
 *     in this file.
 * @param allowedAddresses Addresses that may be connected to although they are not public
 *     (loopback, private, link-local, ...).
 * @param stallTimeout Longest wait for an answer to begin, and longest silence within one.
 * @param minBytesPerSecond Least rate of a download, over each {@code stall-timeout}; a slower one
 *     is ended and tried again from where it stopped.
 * @param credentials Which secret of {@code weft.secrets} goes to which place; a bucket's or a
 *     host's own wins over its source's.
 */
@ConfigurationProperties("weft.sources")
public record SourceSettings(
        @DefaultValue @Allowed(HostPattern.ALLOWED) List<HostPattern> allowedHosts,
        @DefaultValue @Allowed(AddressRange.ALLOWED) List<AddressRange> allowedAddresses,
        @DefaultValue("30s") @DurationMin(millis = 100) @DurationMax(hours = 1)
                Duration stallTimeout,
        @DefaultValue("1024") @Range(min = 1, max = 1 << 30) int minBytesPerSecond,
        @DefaultValue
                @Allowed(
                        "PLACE=SECRET, where PLACE is hf, s3, gcs, azure, s3://BUCKET,"
                                + " gs://BUCKET, az://CONTAINER or https://HOST and SECRET a name")
                List<Credential> credentials,
        @DefaultValue Hub hf,
        @DefaultValue S3 s3,
        @DefaultValue Gcs gcs,
        @DefaultValue Azure azure)
        implements Consistent {
    public SourceSettings {
        allowedHosts = List.copyOf(allowedHosts);
        allowedAddresses = List.copyOf(allowedAddresses);
        credentials = List.copyOf(credentials);
    }

    /** Name of the secret for each place. */
    public Map<String, String> secretsByPlace() {
        Map<String, String> secrets = new LinkedHashMap<>();
        credentials.forEach(bound -> secrets.put(bound.place, bound.secret));
        return secrets;
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        for (String place : Pairs.repeated(credentials.stream().map(Credential::place))) {
            faults.add("credentials", "'" + place + "' has more than one secret");
        }
        for (Credential credential : credentials) {
            all.get(SecretSettings.class).require(credential.secret, "credentials", faults);
        }
    }

    /** A secret for a place. */
    public record Credential(String place, String secret) {
        private static final java.util.regex.Pattern FORM =
                java.util.regex.Pattern.compile(
                        "(hf|s3|gcs|azure|(?:s3|gs|az)://[A-Za-z0-9._-]+|https?://[^/=\\s]+)="
                                + "([A-Za-z0-9_-]+)");
        private static final String ORIGIN = "https://HOST=SECRET or https://HOST:PORT=SECRET";

        /** Reads {@code PLACE=SECRET}. */
        public static Credential of(String text) {
            Matcher parts = Pairs.match(FORM, text);
            String place = parts.group(1);
            return new Credential(
                    place.startsWith("http") ? origin(place, text) : place, parts.group(2));
        }

        private static String origin(String place, String text) {
            try {
                URI address = new URI(place);
                if (address.getHost() != null && address.getUserInfo() == null) {
                    return Credentials.place(address);
                }
            } catch (URISyntaxException _) {
                throw new NotAllowedException(text, ORIGIN);
            }
            throw new NotAllowedException(text, ORIGIN);
        }

        @Override
        public String toString() {
            return place + "=" + secret;
        }
    }

    /**
     * {@code weft.sources.hf}.
     *
     * @param endpoint Address of the Hugging Face hub or of one that speaks its protocol.
     */
    public record Hub(
            @Unset("`HF_ENDPOINT`, else https://huggingface.co") @Nullable URI endpoint) {}

    /**
     * {@code weft.sources.s3}.
     *
     * @param endpoint Address of S3, or of MinIO and others that speak its protocol.
     * @param region Region of the buckets.
     */
    public record S3(
            @Unset("`AWS_ENDPOINT_URL`, else Amazon's") @Nullable URI endpoint,
            @Unset("`AWS_REGION`, else us-east-1")
                    @Pattern(regexp = "[a-z0-9-]+", message = "a region like eu-central-1")
                    @Nullable String region) {}

    /**
     * {@code weft.sources.gcs}.
     *
     * @param endpoint Address of Google Cloud Storage.
     */
    public record Gcs(@Unset("Google's") @Nullable URI endpoint) {}

    /**
     * {@code weft.sources.azure}.
     *
     * @param endpoint Address of Azure Blob Storage; with Azurite it ends with the account's name.
     * @param account Storage account of the containers.
     */
    public record Azure(
            @Unset("that of the account") @Nullable URI endpoint,
            @Unset("`AZURE_STORAGE_ACCOUNT`")
                    @Pattern(
                            regexp = "[a-z0-9]{3,24}",
                            message = "3 to 24 lower-case letters and digits")
                    @Nullable String account) {}
}
