package dev.weft.deployment;

import dev.weft.deployment.TextTypes.Spelling;
import dev.weft.deployment.WeftSettings.EngineChoice;
import dev.weft.deployment.WeftSettings.Precision;
import dev.weft.protocol.repository.ObjectAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Weft's own keys, in the order of {@link WeftSettings}. */
final class WeftKeys {
    static final String ROOT = "weft";

    private static final String GATEWAY = "weft.gateway.";
    private static final String CATALOG = "weft.catalog.";
    private static final String INFERENCE = "weft.inference.";
    private static final String TRITON = "weft.triton.";
    private static final String METRICS = "weft.metrics.";
    private static final String ACCESS = "weft.access.";
    private static final KeyType<Integer> PORT = NumberTypes.integer(0, 65535);

    static final Key<String> BIND_ADDRESS =
            Key.of(
                    "weft.bind-address",
                    TextTypes.matching(
                            Pattern.compile("[A-Za-z0-9.:_%-]+"),
                            "an address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all"),
                    "127.0.0.1",
                    "Address that all services listen on.");
    static final Key<EngineChoice> ENGINE =
            Key.of(
                    "weft.engine",
                    TextTypes.oneOf(EngineChoice.class, Spelling.KEBAB),
                    EngineChoice.AUTO,
                    "Engine of the worker; `auto` takes TensorRT-LLM where a GPU and a built engine"
                            + " are, else the embedded one.");
    static final Key<Integer> GATEWAY_PORT =
            Key.of(
                    GATEWAY + "port",
                    PORT,
                    8080,
                    "Port of the gateway, the address clients use; 0 picks a free one.");
    static final Key<Integer> GATEWAY_MANAGEMENT_PORT =
            Key.noDefault(
                    GATEWAY + "management-port",
                    PORT,
                    "`port` + 1000 where the service listens beyond loopback or `weft.access.keys`"
                            + " is on, else none",
                    "Port of the gateway for metrics and details of its health; 0 picks a free one."
                        + " It is on loopback, or on `bind-address` where a token or a certificate"
                        + " of role `service` can be asked for.");
    static final Key<List<URI>> GATEWAY_WORKERS =
            Key.of(
                    GATEWAY + "workers",
                    ListType.of(TextTypes.address()),
                    List.of(),
                    "Addresses of the workers; none means the one of the same process.");
    static final Key<Duration> REQUEST_TIMEOUT =
            Key.of(
                    GATEWAY + "request-timeout",
                    NumberTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                    Duration.ofMinutes(2),
                    "Longest silence of a worker within an answer.");
    static final Key<Integer> MAX_REQUEST_BYTES =
            Key.of(
                    GATEWAY + "max-request-bytes",
                    NumberTypes.size(1 << 10, 1 << 30),
                    8 << 20,
                    "Largest request body accepted.");
    static final Key<Duration> GATEWAY_DRAIN_TIMEOUT =
            Key.of(
                    GATEWAY + "drain-timeout",
                    NumberTypes.duration(Duration.ZERO, Duration.ofHours(1)),
                    Duration.ofSeconds(2),
                    "Longest time that requests under way have to finish when the gateway is told"
                            + " to end; its readiness answers 503 meanwhile. Above 2 s the process"
                            + " takes as much longer to end.");
    static final Key<Integer> CATALOG_PORT =
            Key.of(CATALOG + "port", PORT, 8081, "Port of the catalog; 0 picks a free one.");
    static final Key<Integer> CATALOG_MANAGEMENT_PORT =
            Key.noDefault(
                    CATALOG + "management-port",
                    PORT,
                    "`port` + 1000 where the service listens beyond loopback or `weft.access.keys`"
                            + " is on, else none",
                    "Port of the catalog for metrics and details of its health; 0 picks a free one."
                        + " It is on loopback, or on `bind-address` where a token or a certificate"
                        + " of role `service` can be asked for.");
    static final Key<URI> CATALOG_URL =
            Key.noDefault(
                    CATALOG + "url",
                    TextTypes.address(),
                    "the one of the same process",
                    "Address of a catalog elsewhere, for `run worker` and `run gateway`.");
    static final Key<String> DATABASE =
            Key.noDefault(
                    CATALOG + "database",
                    new DatabaseType(),
                    "H2 in a file of the data folder",
                    "PostgreSQL database of the catalog.");
    static final Key<List<String>> FILE_ROOTS =
            Key.noDefault(
                    CATALOG + "file-roots",
                    ListType.of(TextTypes.text("folders that exist")),
                    "the deployment file's folder",
                    "Folders that FILE sources given through the admin API may lie in; absolute or"
                            + " relative to the deployment file.");
    static final Key<Duration> INGEST_TIMEOUT =
            Key.of(
                    CATALOG + "ingest-timeout",
                    NumberTypes.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
                    Duration.ofMinutes(15),
                    "Longest time that fetching and checking one adapter may take. A source that is"
                            + " away is waited for three times as long beside that.");
    static final Key<ObjectAddress> ARTIFACTS =
            Key.noDefault(
                    CATALOG + "artifacts",
                    PlaceTypes.bucket(),
                    "a folder of the data folder",
                    "Bucket that the artifacts are stored in, for the catalogs of one database and"
                            + " no others, since what that database does not need is removed;"
                            + " endpoint and credentials are those of `weft.sources`.");
    static final Key<Duration> ARTIFACT_GRACE =
            Key.of(
                    CATALOG + "artifact-grace",
                    NumberTypes.duration(Duration.ofMinutes(1), Duration.ofHours(8760)),
                    Duration.ofHours(24),
                    "How long an artifact that no version needs is kept.");
    static final Key<Long> ARTIFACT_CACHE_BYTES =
            Key.of(
                    CATALOG + "artifact-cache-bytes",
                    NumberTypes.memory(1L << 50),
                    20L << 30,
                    "Copies of artifacts that the catalog keeps on its own disk where they are"
                            + " stored in a bucket; the one unused for longest goes first. One"
                            + " that was used within the last minute stays, so there may be more"
                            + " for a while.");
    static final Key<Integer> INFERENCE_PORT =
            Key.of(INFERENCE + "port", PORT, 8082, "Port of the worker; 0 picks a free one.");
    static final Key<Integer> INFERENCE_MANAGEMENT_PORT =
            Key.noDefault(
                    INFERENCE + "management-port",
                    PORT,
                    "`port` + 1000 where the service listens beyond loopback or `weft.access.keys`"
                            + " is on, else none",
                    "Port of the worker for metrics and details of its health; 0 picks a free one."
                        + " It is on loopback, or on `bind-address` where a token or a certificate"
                        + " of role `service` can be asked for.");
    static final Key<Precision> PRECISION =
            Key.of(
                    INFERENCE + "precision",
                    TextTypes.oneOf(Precision.class, Spelling.KEBAB),
                    Precision.BF16,
                    "Precision of the base's linear layers in the embedded engine; adapters are"
                            + " bf16 in both.");
    static final Key<Integer> THREADS =
            Key.of(
                    INFERENCE + "threads",
                    NumberTypes.integer(0, 1024),
                    0,
                    "Threads of the embedded engine; 0 means one per core.");
    static final Key<Integer> MAX_LORAS =
            Key.of(
                    INFERENCE + "max-loras",
                    NumberTypes.integer(1, 4096),
                    16,
                    "Adapters in engine slots at once; one that is not there is loaded when asked"
                            + " for, and the one unused for longest leaves.");
    static final Key<Long> HOST_CACHE_BYTES =
            Key.noDefault(
                    INFERENCE + "host-cache-bytes",
                    NumberTypes.memory(1L << 50),
                    "an eighth of the machine's memory",
                    "Memory for adapters that have left their slot, ready to come back at once; the"
                            + " one unused for longest goes first, 0 keeps none. Those in slots"
                            + " come on top.");
    static final Key<Integer> MAX_ROWS =
            Key.of(
                    INFERENCE + "max-rows",
                    NumberTypes.integer(1, 1024),
                    32,
                    "Requests that share a step of the engine.");
    static final Key<Integer> MAX_BATCH_TOKENS =
            Key.of(
                    INFERENCE + "max-batch-tokens",
                    NumberTypes.integer(16, 65536),
                    512,
                    "Tokens of one forward pass, pieces of prompts included; at least `max-rows`.");
    static final Key<Integer> MAX_MODEL_LENGTH =
            Key.of(
                    INFERENCE + "max-model-length",
                    NumberTypes.integer(0, 1 << 24),
                    0,
                    "Tokens of prompt and answer together; 0 means the model's own limit.");
    static final Key<Long> KV_CACHE_TOKENS =
            Key.of(
                    INFERENCE + "kv-cache-tokens",
                    NumberTypes.count(1L << 40),
                    0L,
                    "Tokens that the KV cache holds, all requests together; 0 means `max-rows`"
                            + " times the context, at most a quarter of the machine's memory.");
    static final Key<Integer> MAX_QUEUE =
            Key.of(
                    INFERENCE + "max-queue",
                    NumberTypes.integer(0, 1_000_000),
                    256,
                    "Requests that may wait for a row; more are answered with 503, or with 429"
                            + " those of the tenant that has the most waiting.");
    static final Key<Duration> ADAPTER_TIMEOUT =
            Key.of(
                    INFERENCE + "adapter-timeout",
                    NumberTypes.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    Duration.ofSeconds(60),
                    "Longest wait for an adapter to be fetched, loaded and given a slot.");
    static final Key<Boolean> PREFIX_CACHE =
            Key.of(
                    INFERENCE + "prefix-cache",
                    NumberTypes.flag(),
                    true,
                    "Requests to one adapter (or to the base) that begin with the same tokens share"
                            + " what was computed for them, as `prefix-sharing` says.");
    static final Key<List<String>> PREFIX_SHARING =
            Key.of(
                    INFERENCE + "prefix-sharing",
                    ListType.of(
                            TextTypes.matching(
                                    Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*"),
                                    "tenant, all, or the name of a public model: that of the base,"
                                            + " of an adapter, or TENANT/NAME")),
                    List.of("tenant"),
                    "Whose requests may share by `prefix-cache`: each tenant's among themselves"
                            + " (`tenant`), or anybody's (`all`). Requests for the public models"
                            + " named here share with anybody's, which tells a client who looks"
                            + " at `cached_tokens` what others have sent.");
    static final Key<Duration> MAX_TOKEN_GAP =
            Key.of(
                    INFERENCE + "max-token-gap",
                    NumberTypes.duration(Duration.ofMillis(1), Duration.ofMinutes(10)),
                    Duration.ofMillis(200),
                    "Longest time between two tokens of an answer that others' prompts may cause;"
                            + " they are cut into pieces that are expected to take less, of 16"
                            + " tokens at least.");

    static final Key<Boolean> MERGE_SINGLE_ADAPTER =
            Key.of(
                    INFERENCE + "merge-single-adapter",
                    NumberTypes.flag(),
                    true,
                    "While the catalog has one adapter, fold it into a copy of the layers that it"
                            + " changes, where memory is free for that.");

    static final Key<Duration> DRAIN_TIMEOUT =
            Key.of(
                    INFERENCE + "drain-timeout",
                    NumberTypes.duration(Duration.ZERO, Duration.ofHours(1)),
                    Duration.ofSeconds(2),
                    "Longest time that running requests have to finish when the worker is told to"
                            + " end; its readiness answers 503 meanwhile. Above 2 s the process"
                            + " takes as much longer to end.");

    static final Key<Duration> STALL_TIMEOUT =
            Key.of(
                    INFERENCE + "stall-timeout",
                    NumberTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                    Duration.ofSeconds(30),
                    "Longest time that the engine may make no step while it has requests; then the"
                            + " worker is not ready, and gateways take their requests away from"
                            + " it.");

    static final Key<String> TRITON_REPOSITORY =
            Key.of(
                    TRITON + "model-repository",
                    TextTypes.text("a folder"),
                    "/models",
                    "Triton's model repository, as `./weft engine build` writes it; absolute or"
                            + " relative to the deployment file.");
    static final Key<String> TRITON_BACKENDS =
            Key.of(
                    TRITON + "backends",
                    TextTypes.text("a folder"),
                    "/opt/tritonserver/backends",
                    "Folder of Triton's backends; the default is where NVIDIA's images have it.");
    static final Key<String> TRITON_MODEL =
            Key.of(
                    TRITON + "model",
                    TextTypes.matching(Pattern.compile("[A-Za-z0-9._-]+"), "a name"),
                    "tensorrt_llm",
                    "Name of the model in the repository.");

    static final Key<Boolean> METRICS_ENABLED =
            Key.of(
                    METRICS + "enabled",
                    NumberTypes.flag(),
                    true,
                    "Times are measured: of requests, and by phase of the embedded engine's steps."
                            + " What is counted anyway is shown in any case.");
    static final Key<Integer> MAX_ADAPTERS =
            Key.of(
                    METRICS + "max-adapters",
                    NumberTypes.integer(0, 100_000),
                    200,
                    "Adapters that have a label of their own in a service's metrics at once: the"
                            + " busiest. The others share the label `other`.");

    static final Key<Boolean> KEYS =
            Key.of(
                    ACCESS + "keys",
                    NumberTypes.flag(),
                    false,
                    "Gateways serve only requests with a token of the catalog, and those the"
                            + " adapters of its tenant; workers serve services only. Else every"
                            + " request is of tenant `default`.");
    static final Key<URI> JWT_ISSUER =
            Key.noDefault(
                    ACCESS + "jwt-issuer",
                    TextTypes.address(),
                    "none",
                    "OAuth2 issuer whose signed tokens (JWT) the catalog takes beside its own;"
                            + " claims `weft_role` and `weft_tenant` say what they allow.");
    static final Key<String> JWT_AUDIENCE =
            Key.of(
                    ACCESS + "jwt-audience",
                    TextTypes.text("a text"),
                    "weft",
                    "Audience that signed tokens must be for.");

    static final List<Key<?>> ALL =
            List.of(
                    BIND_ADDRESS,
                    ENGINE,
                    GATEWAY_PORT,
                    GATEWAY_MANAGEMENT_PORT,
                    GATEWAY_WORKERS,
                    REQUEST_TIMEOUT,
                    MAX_REQUEST_BYTES,
                    GATEWAY_DRAIN_TIMEOUT,
                    CATALOG_PORT,
                    CATALOG_MANAGEMENT_PORT,
                    CATALOG_URL,
                    DATABASE,
                    FILE_ROOTS,
                    INGEST_TIMEOUT,
                    ARTIFACTS,
                    ARTIFACT_GRACE,
                    ARTIFACT_CACHE_BYTES,
                    INFERENCE_PORT,
                    INFERENCE_MANAGEMENT_PORT,
                    PRECISION,
                    THREADS,
                    MAX_LORAS,
                    HOST_CACHE_BYTES,
                    MAX_ROWS,
                    MAX_BATCH_TOKENS,
                    MAX_MODEL_LENGTH,
                    KV_CACHE_TOKENS,
                    MAX_QUEUE,
                    ADAPTER_TIMEOUT,
                    PREFIX_CACHE,
                    PREFIX_SHARING,
                    MAX_TOKEN_GAP,
                    MERGE_SINGLE_ADAPTER,
                    DRAIN_TIMEOUT,
                    STALL_TIMEOUT,
                    TRITON_REPOSITORY,
                    TRITON_BACKENDS,
                    TRITON_MODEL,
                    METRICS_ENABLED,
                    MAX_ADAPTERS,
                    KEYS,
                    JWT_ISSUER,
                    JWT_AUDIENCE);

    private WeftKeys() {}
}
