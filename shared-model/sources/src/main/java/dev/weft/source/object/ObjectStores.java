package dev.weft.source.object;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.Secret;
import dev.weft.settings.secret.SecretException;
import dev.weft.source.object.StoreException.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens object stores with the credentials of their place. These are the ones that the operator
 * bound to the bucket or the source, else those in the variables that the provider's own tools
 * read, else none, as public buckets want it (not for Azure). The machine's own identity (instance
 * metadata) is never asked: a registration must not be able to use it.
 */
public final class ObjectStores {
    private static final String DEFAULT_REGION = "us-east-1";

    /** Listings that run at once; each may hold the names of a whole bucket. */
    private static final int LISTINGS = 4;

    private final StoreEndpoints endpoints;
    private final List<AddressRange> ranges;
    private final Credentials credentials;
    private final Duration silence;
    private final Clock clock;
    private final ListingTurns turns = new ListingTurns(LISTINGS);

    /**
     * Google's accounts by the text of their key, so that all stores of one account share its
     * token.
     */
    private final ConcurrentMap<String, GcsAccount> accounts = new ConcurrentHashMap<>();

    /**
     * @param ranges addresses that an endpoint may redirect to although they are not public
     * @param silence longest silence allowed
     * @param clock says when an access token ends
     */
    public ObjectStores(
            StoreEndpoints endpoints,
            List<AddressRange> ranges,
            Credentials credentials,
            Duration silence,
            Clock clock) {
        this.endpoints = endpoints;
        this.ranges = List.copyOf(ranges);
        this.credentials = credentials;
        this.silence = silence;
        this.clock = clock;
    }

    /** Opens the store at an address; no request is sent yet. */
    public ObjectStore open(ObjectAddress address) throws StoreException {
        try {
            return switch (address.source()) {
                case S3 -> open(address, "s3", s3(address));
                case GCS -> gcs(address);
                case AZURE -> open(address, "azblob", azure(address));
                case HF, REMOTE_URL, FILE ->
                        throw new IllegalArgumentException(address + " is not an object store");
            };
        } catch (SecretException e) {
            throw new StoreException(Kind.DENIED, address + ": " + e.getMessage());
        }
    }

    private ObjectStore open(ObjectAddress address, String scheme, Map<String, String> settings)
            throws StoreException {
        settings.put("root", "/" + address.prefix());
        StoreEgress.allow(endpoint(address, settings), ranges);
        return OpenDalStore.open(address.toString(), scheme, settings, silence, turns);
    }

    private static URI endpoint(ObjectAddress address, Map<String, String> settings)
            throws StoreException {
        String text = String.valueOf(settings.get("endpoint"));
        try {
            URI endpoint = URI.create(text.contains("://") ? text : "https://" + text);
            if (endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (IllegalArgumentException _) {
            // the exception below reports it
        }
        throw new StoreException(
                Kind.INVALID,
                address + ": endpoint '" + text + "': an http or https address is allowed");
    }

    private Map<String, String> s3(ObjectAddress address) throws SecretException {
        Map<String, String> settings = new HashMap<>();
        settings.put("bucket", address.bucket());
        settings.put("disable_ec2_metadata", "true");
        settings.put("disable_config_load", "true");
        String region = region();
        settings.put("region", region);
        settings.put("endpoint", "https://s3." + region + ".amazonaws.com");
        endpoint(settings, endpoints.s3(), "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
        Optional<Secret> secret = credentials.at(address.place(), "s3");
        if (secret.isPresent()) {
            // Key and secret hold no colon, and neither does a session token.
            String[] parts = secret.get().token().split(":", 3);
            if (parts.length < 2) {
                throw new SecretException(
                        secret.get() + ": for S3 it is KEY_ID:SECRET_KEY or with :SESSION_TOKEN");
            }
            settings.put("access_key_id", parts[0]);
            settings.put("secret_access_key", parts[1]);
            if (parts.length > 2) {
                settings.put("session_token", parts[2]);
            }
            return settings;
        }
        variable(settings, "access_key_id", "AWS_ACCESS_KEY_ID");
        variable(settings, "secret_access_key", "AWS_SECRET_ACCESS_KEY");
        variable(settings, "session_token", "AWS_SESSION_TOKEN");
        if (!settings.containsKey("access_key_id")) {
            settings.put("allow_anonymous", "true");
        }
        return settings;
    }

    private String region() {
        String configured = endpoints.s3Region();
        return configured != null
                ? configured
                : credentials
                        .setting("AWS_REGION")
                        .or(() -> credentials.setting("AWS_DEFAULT_REGION"))
                        .orElse(DEFAULT_REGION);
    }

    private ObjectStore gcs(ObjectAddress address) throws SecretException, StoreException {
        Map<String, String> settings = new HashMap<>();
        settings.put("bucket", address.bucket());
        settings.put("disable_vm_metadata", "true");
        settings.put("disable_config_load", "true");
        settings.put("endpoint", "https://storage.googleapis.com");
        endpoint(settings, endpoints.gcs());
        Optional<Secret> secret =
                credentials
                        .at(address.place(), "gcs")
                        .or(() -> credentials.fileOf("GOOGLE_APPLICATION_CREDENTIALS"));
        if (secret.isEmpty()) {
            settings.put("allow_anonymous", "true");
        } else if (secret.get().text().startsWith("{")) {
            GcsAccount account = account(secret.get());
            if (account != null) {
                return new RenewedStore(
                        account, token -> open(address, "gcs", with(settings, "token", token)));
            }
            byte[] json = secret.get().text().getBytes(StandardCharsets.UTF_8);
            settings.put("credential", Base64.getEncoder().encodeToString(json));
        } else {
            settings.put("token", secret.get().token());
        }
        return open(address, "gcs", settings);
    }

    private static Map<String, String> with(
            Map<String, String> settings, String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    /** Null if the secret is not the key of a service account. */
    private @Nullable GcsAccount account(Secret secret) throws SecretException {
        String text = secret.text();
        GcsAccount known = accounts.get(text);
        GcsAccount account = known == null ? GcsAccount.read(secret, clock, silence) : known;
        if (account != null) {
            GcsAccount first = accounts.putIfAbsent(text, account);
            return first == null ? account : first;
        }
        return null;
    }

    private Map<String, String> azure(ObjectAddress address) throws SecretException {
        Map<String, String> settings = new HashMap<>();
        settings.put("container", address.bucket());
        Optional<Secret> secret =
                credentials
                        .at(address.place(), "azure")
                        .or(() -> credentials.variable("AZURE_STORAGE_CONNECTION_STRING"))
                        .or(() -> credentials.variable("AZURE_STORAGE_SAS_TOKEN"))
                        .or(() -> credentials.variable("AZURE_STORAGE_KEY"));
        if (secret.isEmpty()) {
            // OpenDAL would ask the machine's metadata service for a token, and has no switch for
            // it.
            throw new SecretException(
                    "no secret is bound to it: see weft.sources.credentials; containers without one"
                            + " are not served");
        }
        settings.putAll(AzureSecret.settings(secret.get().text()));
        String account = endpoints.azureAccount();
        if (account != null) {
            settings.put("account_name", account);
        } else if (!settings.containsKey("account_name")) {
            variable(settings, "account_name", "AZURE_STORAGE_ACCOUNT");
        }
        endpoint(settings, endpoints.azure());
        if (!settings.containsKey("endpoint")) {
            String name = settings.get("account_name");
            if (name == null) {
                throw new SecretException(
                        "no account is known: set weft.sources.azure.account or"
                                + " weft.sources.azure.endpoint");
            }
            settings.put("endpoint", "https://" + name + ".blob.core.windows.net");
        }
        return settings;
    }

    private void endpoint(
            Map<String, String> settings, @Nullable URI configured, String... variables) {
        if (configured != null) {
            settings.put("endpoint", configured.toString());
            return;
        }
        for (String variable : variables) {
            if (credentials.setting(variable).isPresent()) {
                settings.put("endpoint", credentials.setting(variable).orElseThrow());
                return;
            }
        }
    }

    private void variable(Map<String, String> settings, String key, String variable) {
        credentials.setting(variable).ifPresent(value -> settings.put(key, value));
    }
}
