package dev.weft.deployment;

import dev.weft.format.trtllm.EngineFolder;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.SecretPlace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands under {@code weft:}; keys are these names in kebab case. Every one has a default.
 *
 * @param bindAddress address all services listen on, {@code 127.0.0.1}
 * @param secrets {@code weft.secrets}: where the text of each named secret stands
 */
public record WeftSettings(
        String bindAddress,
        EngineChoice engine,
        Gateway gateway,
        Catalog catalog,
        Inference inference,
        Triton triton,
        Metrics metrics,
        Access access,
        Tls tls,
        ManagementPorts managementPorts,
        Tracing tracing,
        Log log,
        Sources sources,
        Map<String, SecretPlace> secrets) {
    public WeftSettings {
        secrets = Map.copyOf(secrets);
    }

    /**
     * {@code weft.access}.
     *
     * @param keys gateways serve only those who send a token, as its tenant
     * @param jwtIssuer whose signed tokens are taken beside those of the catalog; null for none
     * @param jwtAudience what those must be for
     */
    public record Access(boolean keys, @Nullable URI jwtIssuer, String jwtAudience) {
        /** Nothing is asked of anybody. */
        public static final Access DEFAULT = new Access(false, null, "weft");
    }

    /**
     * {@code weft.tls}: files in PEM, absolute.
     *
     * @param certificate of the services, with those that it is signed by; null where ports speak
     *     plain HTTP
     * @param privateKey of the certificate
     * @param trust what other services' certificates are checked against; null means the runtime's
     * @param services names in certificates that stand for the role of a service
     */
    public record Tls(
            @Nullable Path certificate,
            @Nullable Path privateKey,
            @Nullable Path trust,
            List<String> services) {
        /** Plain HTTP. */
        public static final Tls OFF = new Tls(null, null, null, List.of());

        public Tls {
            services = List.copyOf(services);
        }
    }

    /** The keys {@code management-port} of the services; null where the file does not say. */
    public record ManagementPorts(
            @Nullable Integer gateway, @Nullable Integer catalog, @Nullable Integer inference) {}

    /**
     * {@code weft.tracing}.
     *
     * @param otlpEndpoint collector of traces; null means that of the environment, else none
     * @param sampleRatio share of requests traced, 0 to 1, where nobody has decided before
     * @param content prompts and answers are part of traces
     * @param headers name of the secret for each header that the collector is sent
     */
    public record Tracing(
            @Nullable URI otlpEndpoint,
            double sampleRatio,
            boolean content,
            Map<String, String> headers) {
        /** What applies where the file says nothing. */
        public static final Tracing DEFAULT = new Tracing(null, 1, false, Map.of());

        public Tracing {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * {@code weft.log}.
     *
     * @param requests the gateway logs each request
     */
    public record Log(LogFormat format, boolean requests) {
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
     * @param port 8080; 0 picks a free one
     * @param workers addresses of workers; empty means the one of this process
     * @param requestTimeout longest silence of a worker within an answer
     * @param maxRequestBytes largest body accepted
     * @param drainTimeout longest time that requests under way have when the gateway is told to end
     */
    public record Gateway(
            int port,
            List<URI> workers,
            Duration requestTimeout,
            int maxRequestBytes,
            Duration drainTimeout) {
        public Gateway {
            workers = List.copyOf(workers);
        }
    }

    /**
     * {@code weft.catalog}.
     *
     * @param port 8081; 0 picks a free one
     * @param url address of a catalog elsewhere; null means the one of this process
     * @param database R2DBC address of a PostgreSQL, {@code
     *     r2dbc:postgresql://user:password@host:port/name}; null means H2 in a file of the data
     *     folder
     * @param fileRoots folders that FILE sources given through the admin API may lie in
     * @param ingestTimeout longest time one adapter's ingest may take
     * @param artifacts bucket of the artifacts; null means the data folder
     * @param artifactGrace how long an artifact that nobody needs is kept
     * @param artifactCacheBytes most bytes of copies on the own disk, where there is a bucket
     */
    public record Catalog(
            int port,
            @Nullable URI url,
            @Nullable String database,
            List<Path> fileRoots,
            Duration ingestTimeout,
            @Nullable ObjectAddress artifacts,
            Duration artifactGrace,
            long artifactCacheBytes) {
        public Catalog {
            fileRoots = List.copyOf(fileRoots);
        }
    }

    /**
     * {@code weft.inference}.
     *
     * @param port 8082; 0 picks a free one
     * @param threads of the embedded engine; 0 means one per core
     * @param maxLoras adapters in engine slots at once
     * @param hostCacheBytes memory for adapters that have left their slot; null means an eighth of
     *     the machine's
     * @param maxRows requests that share a step
     * @param maxBatchTokens rows of a forward pass, prefill chunks included
     * @param maxModelLength positions of prompt and answer; 0 means the model's own limit
     * @param kvCacheTokens positions of the KV cache, all requests together; 0 means maxRows times
     *     the context, at most what a quarter of the machine's memory holds
     * @param maxQueue requests that may wait for a row
     * @param adapterTimeout longest wait for an adapter to be fetched, loaded and given a slot
     * @param prefixCache whether requests that begin with the same tokens share their KV cache
     * @param prefixSharing whose: {@code tenant}, {@code all}, or names of models that are public
     * @param maxTokenGap longest time between an answer's tokens that prompts of others may cause
     * @param mergeSingleAdapter fold an adapter into the weights while it is the only one
     * @param drainTimeout longest time that running requests have when the worker is told to end
     * @param stallTimeout longest time without a step of the engine while it has requests
     */
    public record Inference(
            int port,
            Precision precision,
            int threads,
            int maxLoras,
            @Nullable Long hostCacheBytes,
            int maxRows,
            int maxBatchTokens,
            int maxModelLength,
            long kvCacheTokens,
            int maxQueue,
            Duration adapterTimeout,
            boolean prefixCache,
            List<String> prefixSharing,
            Duration maxTokenGap,
            boolean mergeSingleAdapter,
            Duration drainTimeout,
            Duration stallTimeout) {
        public Inference {
            prefixSharing = List.copyOf(prefixSharing);
        }

        /** Whoever sends a request, it may share with any. */
        public boolean sharesAllPrefixes() {
            return prefixSharing.contains("all");
        }
    }

    /**
     * {@code weft.triton}: where the TensorRT-LLM engine finds what it runs.
     *
     * @param modelRepository folder with one folder for each model, absolute
     * @param backends folder of Triton's backends
     * @param model name of the model in the repository
     */
    public record Triton(Path modelRepository, Path backends, String model) {
        /** The model that the worker loads. */
        public EngineFolder folder() {
            return new EngineFolder(modelRepository.resolve(model));
        }
    }

    /**
     * {@code weft.metrics}.
     *
     * @param enabled times are measured: of requests, and of the embedded engine's steps
     * @param maxAdapters that have a label of their own in metrics at once; the others share one
     */
    public record Metrics(boolean enabled, int maxAdapters) {
        /** What applies where nothing is said. */
        public static final Metrics DEFAULT = new Metrics(true, 200);
    }

    /**
     * {@code weft.sources}; null addresses mean the provider's own.
     *
     * @param allowedHosts hosts that REMOTE_URL may name, beside those of the deployment file's own
     *     addresses
     * @param allowedAddresses addresses that are allowed although they are not public
     * @param stallTimeout longest silence of a source
     * @param minBytesPerSecond least rate of a download
     * @param credentials name of the secret for each place
     */
    public record Sources(
            List<HostPattern> allowedHosts,
            List<AddressRange> allowedAddresses,
            Duration stallTimeout,
            int minBytesPerSecond,
            Map<String, String> credentials,
            @Nullable URI hubEndpoint,
            @Nullable URI s3Endpoint,
            @Nullable String s3Region,
            @Nullable URI gcsEndpoint,
            @Nullable URI azureEndpoint,
            @Nullable String azureAccount) {
        /** What applies where the file says nothing. */
        public static final Sources DEFAULT =
                new Sources(
                        List.of(),
                        List.of(),
                        Duration.ofSeconds(30),
                        1024,
                        Map.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);

        public Sources {
            allowedHosts = List.copyOf(allowedHosts);
            allowedAddresses = List.copyOf(allowedAddresses);
            credentials = Map.copyOf(credentials);
        }
    }
}
