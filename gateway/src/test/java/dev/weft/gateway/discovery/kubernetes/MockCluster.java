package dev.weft.gateway.discovery.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;

/** The mock of the client's own project. It keeps what it is given, and checks nothing. */
final class MockCluster implements Cluster {
    private final KubernetesMockServer server =
            new KubernetesMockServer(
                    new Context(),
                    new MockWebServer(),
                    new HashMap<>(),
                    new KubernetesCrudDispatcher(),
                    false);
    private final KubernetesClient admin;
    private final Path kubeconfig;

    MockCluster(Path folder) throws IOException {
        server.init();
        admin = server.createClient();
        kubeconfig =
                Files.writeString(
                        folder.resolve("kubeconfig"),
                        """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: c, cluster: {server: "http://localhost:%d"}}]
                        users: [{name: u, user: {token: t}}]
                        contexts: [{name: x, context: {cluster: c, user: u, namespace: weft}}]
                        current-context: x
                        """
                                .formatted(server.getPort()));
    }

    @Override
    public KubernetesClient admin() {
        return admin;
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void close() {
        admin.close();
        server.destroy();
    }
}
