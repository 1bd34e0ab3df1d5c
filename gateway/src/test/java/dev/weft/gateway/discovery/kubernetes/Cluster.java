package dev.weft.gateway.discovery.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** An API server with a namespace {@code weft}. */
interface Cluster extends AutoCloseable {
    /** May do everything. */
    KubernetesClient admin();

    /** How a gateway's service account reaches it, which may do nothing by itself. */
    Path kubeconfig();

    @Override
    void close();
}
