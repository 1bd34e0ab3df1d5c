package dev.weft.gateway.discovery.kubernetes;

import dev.weft.access.client.FreePort;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A real kube-apiserver with RBAC before a real etcd, which {@code src/test/kubernetes/install}
 * brings. Nothing writes slices there but the test.
 */
public final class RealCluster implements Cluster {
    private static final String VERSION = "1.34.4";

    private final Path programs;
    private final Path folder;
    private final int port = FreePort.find();
    private final int storePort = FreePort.find();
    private final List<Process> processes = new ArrayList<>();
    private final KubernetesClient admin;
    private Process server;

    /** Where the programs are; empty if they can't be had. */
    public static Optional<Path> programs() {
        String given = System.getenv("WEFT_KUBERNETES");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path folder =
                given != null
                        ? Path.of(given)
                        : (cache != null
                                        ? Path.of(cache)
                                        : Path.of(System.getProperty("user.home"), ".cache"))
                                .resolve("weft/kubernetes-" + VERSION);
        return Files.isExecutable(folder.resolve("kube-apiserver"))
                        && Files.isExecutable(folder.resolve("etcd"))
                ? Optional.of(folder)
                : Optional.empty();
    }

    public RealCluster(Path programs, Path folder) throws Exception {
        this.programs = programs;
        this.folder = folder;
        writeKeys();
        Files.writeString(
                folder.resolve("tokens.csv"),
                """
                admin-token,admin,1,system:masters
                gateway-token,system:serviceaccount:weft:weft-gateway,2
                """);
        startStore();
        server = startServer();
        admin = client("admin-token");
        try {
            await(this::isReady);
            admin.namespaces()
                    .resource(
                            new NamespaceBuilder()
                                    .withNewMetadata()
                                    .withName("weft")
                                    .endMetadata()
                                    .build())
                    .create();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void writeKeys() throws IOException, NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                folder.resolve("sa.key"),
                "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                        .formatted(lines.encodeToString(keys.getPrivate().getEncoded())));
        Files.writeString(
                folder.resolve("sa.pub"),
                "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                        .formatted(lines.encodeToString(keys.getPublic().getEncoded())));
    }

    private void startStore() throws IOException {
        String peers = "http://127.0.0.1:" + FreePort.find();
        processes.add(
                start(
                        "etcd",
                        "--data-dir",
                        folder.resolve("etcd").toString(),
                        "--listen-client-urls",
                        store(),
                        "--advertise-client-urls",
                        store(),
                        "--listen-peer-urls",
                        peers,
                        "--initial-advertise-peer-urls",
                        peers,
                        "--initial-cluster",
                        "default=" + peers));
    }

    private String store() {
        return "http://127.0.0.1:" + storePort;
    }

    private Process startServer() throws IOException {
        Process started =
                start(
                        "kube-apiserver",
                        "--etcd-servers=" + store(),
                        "--cert-dir=" + folder.resolve("certificates"),
                        "--secure-port=" + port,
                        "--bind-address=127.0.0.1",
                        "--service-account-issuer=https://weft.example",
                        "--service-account-signing-key-file=" + folder.resolve("sa.key"),
                        "--service-account-key-file=" + folder.resolve("sa.pub"),
                        "--token-auth-file=" + folder.resolve("tokens.csv"),
                        "--authorization-mode=RBAC",
                        "--service-cluster-ip-range=10.0.0.0/24");
        processes.add(started);
        return started;
    }

    private Process start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(program + ".log").toFile()))
                .start();
    }

    private boolean isReady() {
        try {
            return "ok".equals(admin.raw("/readyz"));
        } catch (RuntimeException _) {
            return false;
        }
    }

    /** Ends the API server at once; what it has stays in etcd. */
    void stopsServer() {
        end(server);
    }

    void startsServer() throws Exception {
        server = startServer();
        await(this::isReady);
    }

    /** Whether the gateway may see slices: its rights follow their objects a little later. */
    boolean showsSlices() {
        try (KubernetesClient gateway = client("gateway-token")) {
            gateway.discovery().v1().endpointSlices().inNamespace("weft").list();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public KubernetesClient admin() {
        return admin;
    }

    private KubernetesClient client(String token) throws IOException {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(write(token).toFile()))
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    @Override
    public Path kubeconfig() {
        try {
            return write("gateway-token");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server makes its certificate itself. */
    private Path write(String token) throws IOException {
        return Files.writeString(
                folder.resolve(token + ".kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u, namespace: weft}}]
                current-context: x
                """
                        .formatted(port, token));
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 3 min");
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        admin.close();
        processes.reversed().forEach(RealCluster::end);
    }

    private static void end(Process process) {
        process.destroyForcibly();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
