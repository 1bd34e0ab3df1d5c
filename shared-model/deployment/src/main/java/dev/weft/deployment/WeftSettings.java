package dev.weft.deployment;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.SecretPlace;
import dev.weft.settings.Allowed;
import dev.weft.settings.Consistent;
import dev.weft.settings.Shown;
import dev.weft.settings.SizeRange;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What stands under {@code weft:}. Every setting has a default.
 *
 * @param bindAddress Address that all services listen on.
 * @param engine Engine of the worker; {@code auto} takes TensorRT-LLM where a GPU and a built
 *     engine are, else the embedded one.
 * @param secrets Where the text of each named secret stands.
 */
@ConfigurationProperties("weft")
public record WeftSettings(
        @DefaultValue("127.0.0.1")
                @Pattern(
                        regexp = "[A-Za-z0-9.:_%-]+",
                        message = "an address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all")
                String bindAddress,
        @DefaultValue("auto") EngineChoice engine,
        @DefaultValue Gateway gateway,
        @DefaultValue Catalog catalog,
        @DefaultValue Inference inference,
        @DefaultValue Triton triton,
        @DefaultValue Metrics metrics,
        @DefaultValue Access access,
        @DefaultValue Tls tls,
        @DefaultValue Tracing tracing,
        @DefaultValue Log log,
        @DefaultValue Sources sources,
        @DefaultValue Map<String, Secret> secrets)
        implements Consistent {
    private static final java.util.regex.Pattern SECRET_NAME =
            java.util.regex.Pattern.compile("[A-Za-z0-9_-]+");

    public WeftSettings {
        secrets = Map.copyOf(new LinkedHashMap<>(secrets));
    }

    /** Where the text of each secret stands. */
    public Map<String, SecretPlace> secretPlaces() {
        Map<String, SecretPlace> places = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> places.put(name, secret.place()));
        return places;
    }

    @Override
    public void check(Faults faults) {
        secrets.forEach((name, secret) -> {
            if (!SECRET_NAME.matcher(name).matches()) {
                faults.add(
                        List.of("secrets", name),
                        "the name is not allowed: letters, digits, '_' and '-'");
            }
            if (secret.places().size() != 1) {
                faults.add(
                        List.of("secrets", name),
                        secret.places().size()
                                + " places are not allowed: one of env, file, value");
            }
        });
        for (Credential credential : sources.credentials) {
            known(List.of("sources", "credentials"), credential.secret(), faults);
        }
        for (Header header : tracing.headers) {
            known(List.of("tracing", "headers"), header.secret(), faults);
        }
    }

    private void known(List<String> key, String secret, Faults faults) {
        if (!secrets.containsKey(secret)) {
            faults.add(
                    key,
                    "'%s' is not allowed: a secret of weft.secrets, which has %s"
                            .formatted(secret, secrets.isEmpty() ? "none" : secrets.keySet()));
        }
    }

    /**
     * {@code weft.access}.
     *
     * @param keys Gateways serve only requests with a token of the catalog, and those the adapters
     *     of its tenant; workers serve services only. Else every request is of tenant {@code
     *     default}.
     * @param jwtIssuer OAuth2 issuer whose signed tokens (JWT) the catalog takes beside its own;
     *     claims {@code weft_role} and {@code weft_tenant} say what they allow.
     * @param jwtAudience Audience that signed tokens must be for.
     */
    public record Access(
            @DefaultValue("false") boolean keys,
            @Unset("none") @Nullable URI jwtIssuer,
            @DefaultValue("weft") @Pattern(regexp = "(?s).+", message = "a text")
                    String jwtAudience) {
        /** Nothing is asked of anybody. */
        public static final Access DEFAULT = new Access(false, null, "weft");
    }

    /**
     * {@code weft.tls}.
     *
     * @param certificate Certificate of the services, those that it is signed by after it; absolute
     *     or relative to the deployment file. Every port speaks TLS with it. A file that changes is
     *     read anew.
     * @param privateKey Private key of {@code certificate}, in PKCS #8 or as openssl writes it,
     *     without a password.
     * @param trust Certificates that other services' are checked against, in place of the
     *     runtime's.
     * @param services Names in certificates that stand for the role of a service, as a token of
     *     that role does: whoever shows one that is signed by {@code trust} and has such a DNS
     *     name, address or common name. None means that nobody is asked for a certificate.
     */
    public record Tls(
            @Allowed("a file in PEM") @Unset("none: ports speak plain HTTP")
                    @Nullable Path certificate,
            @Allowed("a file in PEM") @Unset("none") @Nullable Path privateKey,
            @Allowed("a file in PEM") @Unset("those of the Java runtime") @Nullable Path trust,
            @DefaultValue
                    List<
                                    @Pattern(
                                            regexp =
                                                    "(\\*\\.)?[A-Za-z0-9_-][A-Za-z0-9._-]*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._/:-]+",
                                            message =
                                                    "a name like gateway.weft.svc, *.weft.svc for"
                                                            + " all below it, or an address like"
                                                            + " spiffe://example.com/weft")
                                    String>
                            services)
            implements Consistent {
        /** Plain HTTP. */
        public static final Tls OFF = new Tls(null, null, null, List.of());

        public Tls {
            services = List.copyOf(services);
        }

        @Override
        public void check(Faults faults) {
            needs("private-key", privateKey, certificate != null, "certificate", faults);
            needs("certificate", certificate, privateKey != null, "private-key", faults);
            needs("certificate", certificate, !services.isEmpty(), "services", faults);
            needs("trust", trust, !services.isEmpty(), "services", faults);
        }

        private static void needs(
                String key, @Nullable Path file, boolean needed, String by, Faults faults) {
            if (needed && file == null) {
                faults.add(key, "must be given where weft.tls." + by + " is: a file in PEM");
            }
        }
    }

    /**
     * {@code weft.tracing}.
     *
     * @param otlpEndpoint Collector that traces are sent to, by OTLP over HTTP (port 4318 of most);
     *     {@code /v1/traces} is added where it is missing.
     * @param sampleRatio Share of the requests that are traced, of those that don't come with a
     *     {@code traceparent}; one that does is traced where it says so.
     * @param content Prompts and answers are written into the traces, as they are.
     * @param headers Headers that the collector asks for; each holds a secret of {@code
     *     weft.secrets}.
     */
    public record Tracing(
            @Unset("`OTEL_EXPORTER_OTLP_ENDPOINT`, else none: nothing is traced")
                    @Nullable URI otlpEndpoint,
            @DefaultValue("1.0") @Allowed("a number from 0 to 1") @DecimalMin("0") @DecimalMax("1")
                    double sampleRatio,
            @DefaultValue("false") boolean content,
            @DefaultValue @Allowed("NAME=SECRET, where NAME is that of a header and SECRET a name")
                    List<Header> headers)
            implements Consistent {
        /** What applies where the file says nothing. */
        public static final Tracing DEFAULT = new Tracing(null, 1, false, List.of());

        public Tracing {
            headers = List.copyOf(headers);
        }

        /** Name of the secret for each header that the collector is sent. */
        public Map<String, String> secretsByHeader() {
            Map<String, String> secrets = new LinkedHashMap<>();
            headers.forEach(header -> secrets.put(header.name, header.secret));
            return secrets;
        }

        @Override
        public void check(Faults faults) {
            for (String twice : twice(headers.stream().map(Header::name))) {
                faults.add("headers", "'" + twice + "' is there twice");
            }
        }
    }

    /** A header that holds a secret. */
    public record Header(String name, String secret) {
        private static final java.util.regex.Pattern SHAPE =
                java.util.regex.Pattern.compile("([A-Za-z0-9-]+)=([A-Za-z0-9_-]+)");

        /** Reads {@code NAME=SECRET}. */
        public static Header of(String text) {
            Matcher parts = shaped(SHAPE, text);
            return new Header(parts.group(1).toLowerCase(Locale.ROOT), parts.group(2));
        }

        @Override
        public String toString() {
            return name + "=" + secret;
        }
    }

    private static Matcher shaped(java.util.regex.Pattern shape, String text) {
        Matcher matcher = shape.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not allowed: " + shape);
        }
        return matcher;
    }

    private static List<String> twice(Stream<String> names) {
        var seen = new ArrayList<String>();
        return names.filter(name -> seen.contains(name) || !seen.add(name)).toList();
    }

    /**
     * {@code weft.log}.
     *
     * @param format Lines of the log: text for people, or a JSON object each.
     * @param requests The gateway logs a line for each request.
     */
    public record Log(
            @DefaultValue("text") LogFormat format, @DefaultValue("false") boolean requests) {
        /** What applies where the file says nothing. */
        public static final Log DEFAULT = new Log(LogFormat.TEXT, false);
    }

    /** {@code weft.log.format}. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** {@code weft.engine}. */
    public enum EngineChoice {
        AUTO,
        CPU,
        TENSORRT_LLM
    }

    /** {@code weft.inference.precision}. */
    public enum Precision {
        BF16,
        INT8
    }

    /**
     * {@code weft.gateway}.
     *
     * @param port Port of the gateway, the address clients use; 0 picks a free one.
     * @param managementPort Port of the gateway for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} where a token or a certificate of
     *     role {@code service} can be asked for.
     * @param workers Addresses of the workers; none means the one of the same process.
     * @param requestTimeout Longest silence of a worker within an answer.
     * @param maxRequestBytes Largest request body accepted.
     * @param drainTimeout Longest time that requests under way have to finish when the gateway is
     *     told to end; its readiness answers 503 meanwhile. Above 2 s the process takes as much
     *     longer to end.
     */
    public record Gateway(
            @DefaultValue("8080") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(MANAGEMENT_PORT) @Nullable Integer managementPort,
            @DefaultValue List<URI> workers,
            @DefaultValue("2m") @DurationMin(seconds = 1) @DurationMax(hours = 1)
                    Duration requestTimeout,
            @DefaultValue("8MiB") @SizeRange(min = "1KiB", max = "1GiB") DataSize maxRequestBytes,
            @DefaultValue("2s") @DurationMin @DurationMax(hours = 1) Duration drainTimeout) {
        public Gateway {
            workers = List.copyOf(workers);
        }
    }

    static final String MANAGEMENT_PORT =
            "`port` + 1000 where the service listens beyond loopback or `weft.access.keys` is on,"
                    + " else none";

    /**
     * {@code weft.catalog}.
     *
     * @param port Port of the catalog; 0 picks a free one.
     * @param managementPort Port of the catalog for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} where a token or a certificate of
     *     role {@code service} can be asked for.
     * @param url Address of a catalog elsewhere, for {@code run worker} and {@code run gateway}.
     * @param database PostgreSQL database of the catalog.
     * @param fileRoots Folders that FILE sources given through the admin API may lie in; absolute
     *     or relative to the deployment file.
     * @param ingestTimeout Longest time that fetching and checking one adapter may take. A source
     *     that is away is waited for three times as long beside that.
     * @param artifacts Bucket that the artifacts are stored in, for the catalogs of one database
     *     and no others, since what that database does not need is removed; endpoint and
     *     credentials are those of {@code weft.sources}.
     * @param artifactGrace How long an artifact that no version needs is kept.
     * @param artifactCacheBytes Copies of artifacts that the catalog keeps on its own disk where
     *     they are stored in a bucket; the one unused for longest goes first. One that was used
     *     within the last minute stays, so there may be more for a while.
     */
    public record Catalog(
            @DefaultValue("8081") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(MANAGEMENT_PORT) @Nullable Integer managementPort,
            @Unset("the one of the same process") @Nullable URI url,
            @Unset("H2 in a file of the data folder")
                    @Shown(Shown.How.WITHOUT_PASSWORD)
                    @Pattern(
                            regexp = "(jdbc|r2dbc|r2dbc:pool):postgresql://\\S+",
                            message =
                                    "jdbc:postgresql://user:password@host:5432/name, or r2dbc:"
                                            + " instead of jdbc:")
                    @Nullable String database,
            @DefaultValue(".") @Allowed("folders that exist") @Unset("the deployment file's folder")
                    List<Path> fileRoots,
            @DefaultValue("15m") @DurationMin(seconds = 1) @DurationMax(hours = 24)
                    Duration ingestTimeout,
            @Allowed("s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX")
                    @Unset("a folder of the data folder")
                    @Nullable ObjectAddress artifacts,
            @DefaultValue("24h") @DurationMin(minutes = 1) @DurationMax(hours = 8760)
                    Duration artifactGrace,
            @DefaultValue("20GiB") @SizeRange DataSize artifactCacheBytes)
            implements Consistent {
        public Catalog {
            fileRoots = List.copyOf(fileRoots);
        }

        @Override
        public void check(Faults faults) {
            for (Path root : fileRoots) {
                if (!Files.isDirectory(root)) {
                    faults.add("file-roots", "'" + root + "' is not allowed: it is not a folder");
                }
            }
        }
    }

    /**
     * {@code weft.inference}.
     *
     * @param port Port of the worker; 0 picks a free one.
     * @param managementPort Port of the worker for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} where a token or a certificate of
     *     role {@code service} can be asked for.
     * @param precision Precision of the base's linear layers in the embedded engine; adapters are
     *     bf16 in both.
     * @param threads Threads of the embedded engine; 0 means one per core.
     * @param maxLoras Adapters in engine slots at once; one that is not there is loaded when asked
     *     for, and the one unused for longest leaves.
     * @param hostCacheBytes Memory for adapters that have left their slot, ready to come back at
     *     once; the one unused for longest goes first, 0 keeps none. Those in slots come on top.
     * @param maxRows Requests that share a step of the engine.
     * @param maxBatchTokens Tokens of one forward pass, pieces of prompts included; at least {@code
     *     max-rows}.
     * @param maxModelLength Tokens of prompt and answer together; 0 means the model's own limit.
     * @param kvCacheTokens Tokens that the KV cache holds, all requests together; 0 means {@code
     *     max-rows} times the context, at most a quarter of the machine's memory.
     * @param maxQueue Requests that may wait for a row; more are answered with 503, or with 429
     *     those of the tenant that has the most waiting.
     * @param adapterTimeout Longest wait for an adapter to be fetched, loaded and given a slot.
     * @param prefixCache Requests to one adapter (or to the base) that begin with the same tokens
     *     share what was computed for them, as {@code prefix-sharing} says.
     * @param prefixSharing Whose requests may share by {@code prefix-cache}: each tenant's among
     *     themselves ({@code tenant}), or anybody's ({@code all}). Requests for the public models
     *     named here share with anybody's, which tells a client who looks at {@code cached_tokens}
     *     what others have sent.
     * @param maxTokenGap Longest time between two tokens of an answer that others' prompts may
     *     cause; they are cut into pieces that are expected to take less, of 16 tokens at least.
     * @param mergeSingleAdapter While the catalog has one adapter, fold it into a copy of the
     *     layers that it changes, where memory is free for that.
     * @param drainTimeout Longest time that running requests have to finish when the worker is told
     *     to end; its readiness answers 503 meanwhile. Above 2 s the process takes as much longer
     *     to end.
     * @param stallTimeout Longest time that the engine may make no step while it has requests; then
     *     the worker is not ready, and gateways take their requests away from it.
     */
    public record Inference(
            @DefaultValue("8082") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(MANAGEMENT_PORT) @Nullable Integer managementPort,
            @DefaultValue("bf16") Precision precision,
            @DefaultValue("0") @Range(min = 0, max = 1024) int threads,
            @DefaultValue("16") @Range(min = 1, max = 4096) int maxLoras,
            @SizeRange @Unset("an eighth of the machine's memory")
                    @Nullable DataSize hostCacheBytes,
            @DefaultValue("32") @Range(min = 1, max = 1024) int maxRows,
            @DefaultValue("512") @Range(min = 16, max = 65536) int maxBatchTokens,
            @DefaultValue("0") @Range(min = 0, max = 1 << 24) int maxModelLength,
            @DefaultValue("0") @Range(min = 0, max = 1L << 40) long kvCacheTokens,
            @DefaultValue("256") @Range(min = 0, max = 1_000_000) int maxQueue,
            @DefaultValue("1m") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
                    Duration adapterTimeout,
            @DefaultValue("true") boolean prefixCache,
            @DefaultValue("tenant")
                    List<
                                    @Pattern(
                                            regexp = "[A-Za-z0-9][A-Za-z0-9._/-]*",
                                            message =
                                                    "tenant, all, or the name of a public model:"
                                                            + " that of the base, of an adapter, or"
                                                            + " TENANT/NAME")
                                    String>
                            prefixSharing,
            @DefaultValue("200ms") @DurationMin(millis = 1) @DurationMax(minutes = 10)
                    Duration maxTokenGap,
            @DefaultValue("true") boolean mergeSingleAdapter,
            @DefaultValue("2s") @DurationMin @DurationMax(hours = 1) Duration drainTimeout,
            @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1)
                    Duration stallTimeout)
            implements Consistent {
        public Inference {
            prefixSharing = List.copyOf(prefixSharing);
        }

        /** The bytes of {@code hostCacheBytes}; empty if they are not given. */
        public OptionalLong hostCache() {
            return hostCacheBytes == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(hostCacheBytes.toBytes());
        }

        /** Whoever sends a request, it may share with any. */
        public boolean sharesAllPrefixes() {
            return prefixSharing.contains("all");
        }

        @Override
        public void check(Faults faults) {
            if (maxBatchTokens < maxRows) {
                faults.add(
                        "max-batch-tokens",
                        "%d is not allowed: at least weft.inference.max-rows, which is %d"
                                .formatted(maxBatchTokens, maxRows));
            }
        }
    }

    /**
     * {@code weft.triton}: where the TensorRT-LLM engine finds what it runs.
     *
     * @param model Name of the model in the repository.
     * @param modelRepository Triton's model repository, as {@code ./weft engine build} writes it;
     *     absolute or relative to the deployment file.
     * @param backends Folder of Triton's backends; the default is where NVIDIA's images have it.
     */
    public record Triton(
            @DefaultValue("/models") @Allowed("a folder") Path modelRepository,
            @DefaultValue("/opt/tritonserver/backends") @Allowed("a folder") Path backends,
            @DefaultValue("tensorrt_llm") @Pattern(regexp = "[A-Za-z0-9._-]+", message = "a name")
                    String model) {
        /** The model that the worker loads. */
        public EngineFolder folder() {
            return new EngineFolder(modelRepository.resolve(model));
        }
    }

    /**
     * {@code weft.metrics}.
     *
     * @param enabled Times are measured: of requests, and by phase of the embedded engine's steps.
     *     What is counted anyway is shown in any case.
     * @param maxAdapters Adapters that have a label of their own in a service's metrics at once:
     *     the busiest. The others share the label {@code other}.
     */
    public record Metrics(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("200") @Range(min = 0, max = 100_000) int maxAdapters) {
        /** What applies where nothing is said. */
        public static final Metrics DEFAULT = new Metrics(true, 200);
    }

    /**
     * {@code weft.sources}.
     *
     * @param allowedHosts Hosts that REMOTE_URL may name and be sent on to, beside those of
     *     addresses in this file.
     * @param allowedAddresses Addresses that may be connected to although they are not public
     *     (loopback, private, link-local, ...).
     * @param stallTimeout Longest wait for an answer to begin, and longest silence within one.
     * @param minBytesPerSecond Least rate of a download, over each {@code stall-timeout}; a slower
     *     one is ended and tried again from where it stopped.
     * @param credentials Which secret of {@code weft.secrets} goes to which place; a bucket's or a
     *     host's own wins over its source's.
     */
    public record Sources(
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
        public Sources {
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
        public void check(Faults faults) {
            for (String twice : twice(credentials.stream().map(Credential::place))) {
                faults.add("credentials", "'" + twice + "' has more than one secret");
            }
        }
    }

    /** A secret for a place. */
    public record Credential(String place, String secret) {
        private static final java.util.regex.Pattern SHAPE =
                java.util.regex.Pattern.compile(
                        "(hf|s3|gcs|azure|(?:s3|gs|az)://[A-Za-z0-9._-]+|https?://[^/=\\s]+)="
                                + "([A-Za-z0-9_-]+)");

        /** Reads {@code PLACE=SECRET}. */
        public static Credential of(String text) {
            Matcher parts = shaped(SHAPE, text);
            return new Credential(parts.group(1), parts.group(2));
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

    /**
     * An entry of {@code weft.secrets}.
     *
     * @param env Environment variable that holds the secret {@code *}.
     * @param file File that holds the secret {@code *}, absolute or relative to the deployment
     *     file; read each time it is needed.
     * @param value The secret {@code *} itself; never shown. A variable or a file is better.
     */
    @ConfigurationPropertiesSource
    public record Secret(
            @Unset("none")
                    @Pattern(
                            regexp = "[A-Za-z_][A-Za-z0-9_]*",
                            message = "the name of an environment variable")
                    @Nullable String env,
            @Unset("none") @Allowed("a file") @Nullable Path file,
            @Unset("none")
                    @Allowed("any text")
                    @Shown(Shown.How.HIDDEN)
                    @Pattern(regexp = "(?s).+", message = "any text")
                    @Nullable String value) {
        /** The one place that is given. */
        SecretPlace place() {
            return places().getFirst();
        }

        List<SecretPlace> places() {
            return Stream.of(
                            env == null ? null : new SecretPlace.Variable(env),
                            file == null ? null : new SecretPlace.SecretFile(file),
                            value == null ? null : new SecretPlace.Given(value))
                    .filter(Objects::nonNull)
                    .<SecretPlace>map(place -> place)
                    .toList();
        }

        @Override
        public String toString() {
            return "Secret" + places();
        }
    }
}
