package dev.weft.gateway.discovery.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the API server is reached: as a pod's service account, or as a kubeconfig says. Nothing else
 * counts, e.g. a kubeconfig that the user happens to have.
 */
final class ClusterAccess {
    private static final Path SERVICE_ACCOUNT =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** The deadline of one request; watches go on. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private ClusterAccess() {}

    /**
     * Reads the access.
     *
     * @param kubeconfig null for the pod's service account
     * @throws IllegalStateException if there is neither
     */
    static Config read(@Nullable Path kubeconfig, Map<String, String> environment) {
        ConfigBuilder config =
                kubeconfig == null
                        ? ofPod(environment, SERVICE_ACCOUNT)
                        : new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()));
        // The source waits and tries again by itself.
        return config.withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(0)
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestTimeout((int) ANSWER.toMillis())
                .build();
    }

    static ConfigBuilder ofPod(Map<String, String> environment, Path account) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host == null || !Files.isReadable(account.resolve("token"))) {
            throw new IllegalStateException(
                    "weft.gateway.discovery.kubernetes.kubeconfig must be given: this is not a pod"
                            + " with a service account (KUBERNETES_SERVICE_HOST, "
                            + account.resolve("token")
                            + ")");
        }
        String written = host.contains(":") ? "[" + host + "]" : host;
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://" + written + ":" + port)
                .withCaCertFile(account.resolve("ca.crt").toString())
                // a token lasts for an hour, and the file gets the next one
                .withOauthTokenProvider(() -> text(account.resolve("token")))
                .withNamespace(text(account.resolve("namespace")));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
