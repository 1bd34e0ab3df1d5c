package dev.weft.deployment;

import dev.weft.protocol.repository.SecretPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what stands under {@code weft:}. */
final class WeftReader {
    private final Values values;
    private final RepositoryReader repositories;
    private final Path folder;

    WeftReader(Values values, RepositoryReader repositories, Path folder) {
        this.values = values;
        this.repositories = repositories;
        this.folder = folder;
    }

    WeftSettings read() {
        var sources = new SourceReader(values, folder);
        Map<String, SecretPlace> secrets = sources.secrets();
        var tracing = new TracingReader(values);
        return new WeftSettings(
                values.get(WeftKeys.BIND_ADDRESS),
                values.get(WeftKeys.ENGINE),
                gateway(),
                catalog(),
                inference(),
                triton(),
                new WeftSettings.Metrics(
                        values.get(WeftKeys.METRICS_ENABLED), values.get(WeftKeys.MAX_ADAPTERS)),
                new WeftSettings.Access(
                        values.get(WeftKeys.KEYS),
                        values.find(WeftKeys.JWT_ISSUER, null).orElse(null),
                        values.get(WeftKeys.JWT_AUDIENCE)),
                new TlsReader(values, folder).tls(),
                new WeftSettings.ManagementPorts(
                        values.find(WeftKeys.GATEWAY_MANAGEMENT_PORT, null).orElse(null),
                        values.find(WeftKeys.CATALOG_MANAGEMENT_PORT, null).orElse(null),
                        values.find(WeftKeys.INFERENCE_MANAGEMENT_PORT, null).orElse(null)),
                tracing.tracing(secrets),
                tracing.log(),
                sources.sources(secrets),
                secrets);
    }

    private WeftSettings.Gateway gateway() {
        return new WeftSettings.Gateway(
                values.get(WeftKeys.GATEWAY_PORT),
                values.get(WeftKeys.GATEWAY_WORKERS),
                values.get(WeftKeys.REQUEST_TIMEOUT),
                values.get(WeftKeys.MAX_REQUEST_BYTES),
                values.get(WeftKeys.GATEWAY_DRAIN_TIMEOUT));
    }

    private WeftSettings.Catalog catalog() {
        return new WeftSettings.Catalog(
                values.get(WeftKeys.CATALOG_PORT),
                values.find(WeftKeys.CATALOG_URL, null).orElse(null),
                values.find(WeftKeys.DATABASE, null).orElse(null),
                fileRoots(),
                values.get(WeftKeys.INGEST_TIMEOUT),
                values.find(WeftKeys.ARTIFACTS, null).orElse(null),
                values.get(WeftKeys.ARTIFACT_GRACE),
                values.get(WeftKeys.ARTIFACT_CACHE_BYTES));
    }

    private List<Path> fileRoots() {
        var roots = new ArrayList<Path>();
        for (String root :
                values.find(WeftKeys.FILE_ROOTS, List.of(folder.toString())).orElseThrow()) {
            repositories.folder(WeftKeys.FILE_ROOTS, root).ifPresent(roots::add);
        }
        return roots;
    }

    private WeftSettings.Triton triton() {
        return new WeftSettings.Triton(
                folder.resolve(values.get(WeftKeys.TRITON_REPOSITORY)),
                folder.resolve(values.get(WeftKeys.TRITON_BACKENDS)),
                values.get(WeftKeys.TRITON_MODEL));
    }

    private WeftSettings.Inference inference() {
        var inference =
                new WeftSettings.Inference(
                        values.get(WeftKeys.INFERENCE_PORT),
                        values.get(WeftKeys.PRECISION),
                        values.get(WeftKeys.THREADS),
                        values.get(WeftKeys.MAX_LORAS),
                        values.find(WeftKeys.HOST_CACHE_BYTES, null).orElse(null),
                        values.get(WeftKeys.MAX_ROWS),
                        values.get(WeftKeys.MAX_BATCH_TOKENS),
                        values.get(WeftKeys.MAX_MODEL_LENGTH),
                        values.get(WeftKeys.KV_CACHE_TOKENS),
                        values.get(WeftKeys.MAX_QUEUE),
                        values.get(WeftKeys.ADAPTER_TIMEOUT),
                        values.get(WeftKeys.PREFIX_CACHE),
                        values.get(WeftKeys.PREFIX_SHARING),
                        values.get(WeftKeys.MAX_TOKEN_GAP),
                        values.get(WeftKeys.MERGE_SINGLE_ADAPTER),
                        values.get(WeftKeys.DRAIN_TIMEOUT),
                        values.get(WeftKeys.STALL_TIMEOUT));
        if (inference.maxBatchTokens() < inference.maxRows()) {
            values.fault(
                    WeftKeys.MAX_BATCH_TOKENS,
                    inference.maxBatchTokens()
                            + " is not allowed: at least "
                            + WeftKeys.MAX_ROWS.name()
                            + ", which is "
                            + inference.maxRows());
        }
        return inference;
    }
}
