package dev.weft.deployment;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Where repositories may come from and with which secrets, in the order of WeftSettings. */
final class SourceKeys {
    static final List<String> SECRETS = List.of("weft", "secrets");

    private static final String SOURCES = "weft.sources.";
    private static final String SECRET = "weft.secrets.*.";

    static final Key<List<HostPattern>> ALLOWED_HOSTS =
            Key.of(
                    SOURCES + "allowed-hosts",
                    ListType.of(PlaceTypes.host()),
                    List.of(),
                    "Hosts that REMOTE_URL may name and be sent on to, beside those of addresses"
                            + " in this file.");
    static final Key<List<AddressRange>> ALLOWED_ADDRESSES =
            Key.of(
                    SOURCES + "allowed-addresses",
                    ListType.of(PlaceTypes.range()),
                    List.of(),
                    "Addresses that may be connected to although they are not public (loopback,"
                            + " private, link-local, ...).");
    static final Key<Duration> STALL_TIMEOUT =
            Key.of(
                    SOURCES + "stall-timeout",
                    NumberTypes.duration(Duration.ofMillis(100), Duration.ofHours(1)),
                    Duration.ofSeconds(30),
                    "Longest wait for an answer to begin, and longest silence within one.");
    static final Key<Integer> MIN_BYTES_PER_SECOND =
            Key.of(
                    SOURCES + "min-bytes-per-second",
                    NumberTypes.integer(1, 1 << 30),
                    1024,
                    "Least rate of a download, over each `stall-timeout`; a slower one is ended and"
                            + " tried again from where it stopped.");
    static final Key<List<PlaceTypes.Credential>> CREDENTIALS =
            Key.of(
                    SOURCES + "credentials",
                    ListType.of(PlaceTypes.credential()),
                    List.of(),
                    "Which secret of `weft.secrets` goes to which place; a bucket's or a host's"
                            + " own wins over its source's.");
    static final Key<URI> HUB_ENDPOINT =
            Key.noDefault(
                    SOURCES + "hf.endpoint",
                    TextTypes.address(),
                    "`HF_ENDPOINT`, else https://huggingface.co",
                    "Address of the Hugging Face hub or of one that speaks its protocol.");
    static final Key<URI> S3_ENDPOINT =
            Key.noDefault(
                    SOURCES + "s3.endpoint",
                    TextTypes.address(),
                    "`AWS_ENDPOINT_URL`, else Amazon's",
                    "Address of S3, or of MinIO and others that speak its protocol.");
    static final Key<String> S3_REGION =
            Key.noDefault(
                    SOURCES + "s3.region",
                    TextTypes.matching(Pattern.compile("[a-z0-9-]+"), "a region like eu-central-1"),
                    "`AWS_REGION`, else us-east-1",
                    "Region of the buckets.");
    static final Key<URI> GCS_ENDPOINT =
            Key.noDefault(
                    SOURCES + "gcs.endpoint",
                    TextTypes.address(),
                    "Google's",
                    "Address of Google Cloud Storage.");
    static final Key<URI> AZURE_ENDPOINT =
            Key.noDefault(
                    SOURCES + "azure.endpoint",
                    TextTypes.address(),
                    "that of the account",
                    "Address of Azure Blob Storage; with Azurite it ends with the account's name.");
    static final Key<String> AZURE_ACCOUNT =
            Key.noDefault(
                    SOURCES + "azure.account",
                    TextTypes.matching(
                            Pattern.compile("[a-z0-9]{3,24}"),
                            "3 to 24 lower-case letters and digits"),
                    "`AZURE_STORAGE_ACCOUNT`",
                    "Storage account of the containers.");
    static final Key<String> SECRET_ENV =
            Key.noDefault(
                    SECRET + "env",
                    TextTypes.matching(
                            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*"),
                            "the name of an environment variable"),
                    "none",
                    "Environment variable that holds the secret `*`.");
    static final Key<String> SECRET_FILE =
            Key.noDefault(
                    SECRET + "file",
                    TextTypes.text("a file"),
                    "none",
                    "File that holds the secret `*`, absolute or relative to the deployment file;"
                            + " read each time it is needed.");
    static final Key<String> SECRET_VALUE =
            Key.noDefault(
                    SECRET + "value",
                    PlaceTypes.hidden(),
                    "none",
                    "The secret `*` itself; never shown. A variable or a file is better.");

    static final List<Key<?>> ALL =
            List.of(
                    ALLOWED_HOSTS,
                    ALLOWED_ADDRESSES,
                    STALL_TIMEOUT,
                    MIN_BYTES_PER_SECOND,
                    CREDENTIALS,
                    HUB_ENDPOINT,
                    S3_ENDPOINT,
                    S3_REGION,
                    GCS_ENDPOINT,
                    AZURE_ENDPOINT,
                    AZURE_ACCOUNT,
                    SECRET_ENV,
                    SECRET_FILE,
                    SECRET_VALUE);

    private SourceKeys() {}
}
