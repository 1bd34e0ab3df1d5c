package dev.weft.standalone.bench.gateway;

import dev.weft.gateway.bare.BareRoute;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateways that are measured. One worker is asked directly, and through a bare route of Spring
 * Cloud Gateway. Weft's gateway, with keys, limits, usage and routing, has that worker and others
 * behind it, and a catalog beside it.
 */
final class MeasuredGateways implements AutoCloseable {
    static final int EVENTS = 64;

    private static final String BASE = "instant";
    private static final String ADAPTER = "sql";
    private static final String WEFT = "dev.weft.standalone.Weft";
    private static final String BARE = BareRoute.class.getName();

    private final Path folder;
    private final List<InstantWorker> workers = new ArrayList<>();
    private final List<MeasuredProcess> processes = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();

    /**
     * A way to the worker.
     *
     * @param process of the gateway, if it was started here; null for none
     */
    record Way(String name, OpenLoop load, @Nullable MeasuredProcess process) {}

    /**
     * What is measured besides a bare route and one gateway of Weft.
     *
     * @param workers how many Weft's gateways choose from; everything else asks the first
     * @param workerPort port of the first worker, so that {@code beside} can know it; 0 for a free
     *     one
     * @param redis where a further gateway of Weft counts limits; null for no such gateway
     * @param beside address of another gateway, which asks the first worker; null for none
     * @param key the key that the other gateway asks for; null for none
     */
    record More(
            int workers,
            int workerPort,
            @Nullable String redis,
            @Nullable URI beside,
            @Nullable String key) {}

    /**
     * Starts all workers and gateways.
     *
     * @param folder for state and logs
     * @param sample folder of the bundled sample
     * @param more what is measured besides
     */
    MeasuredGateways(Path folder, Path sample, More more)
            throws CommandException, IOException, InterruptedException {
        this.folder = folder;
        try {
            for (int i = 0; i < more.workers; i++) {
                workers.add(new InstantWorker(BASE, EVENTS, i == 0 ? more.workerPort : 0));
            }
            ways.add(way("no gateway", first(), null, null));
            bareRoute();
            weft(deploymentFile(sample), more.redis);
            if (more.beside != null) {
                OpenLoop load = new OpenLoop(more.beside, more.key, chat(), null);
                ways.add(new Way("beside", load, null));
            }
        } catch (CommandException | IOException | RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private URI first() {
        return workers.getFirst().address();
    }

    List<Way> ways() {
        return ways;
    }

    private static Way way(
            String name, URI address, @Nullable String key, @Nullable MeasuredProcess process) {
        return new Way(name, new OpenLoop(address, key, chat(), EVENTS), process);
    }

    /** A chat of two kilobytes. */
    private static String chat() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("model", ADAPTER)
                .put("stream", true)
                .set(
                        "messages",
                        JsonMapper.shared()
                                .createArrayNode()
                                .add(
                                        JsonMapper.shared()
                                                .createObjectNode()
                                                .put("role", "user")
                                                .put("content", "some words, ".repeat(160))))
                .toString();
    }

    private void bareRoute() throws CommandException, InterruptedException {
        MeasuredProcess bare =
                started("bare route", Map.of(), List.of(BARE, "--target=" + first()));
        ways.add(way("bare route", bare.address(), null, bare));
    }

    private void weft(Path file, @Nullable String redis)
            throws CommandException, InterruptedException {
        MeasuredProcess catalog =
                started(
                        "catalog",
                        Map.of(),
                        run("catalog", "catalog", file, List.of("weft.log.requests=false")));
        URI address = catalog.address();
        String admin = token(address, null, "admin", Map.of());
        String service = token(address, admin, "service", Map.of());
        String client =
                token(
                        address,
                        admin,
                        "client",
                        Map.of(
                                "tenant", "default",
                                "requestsPerMinute", 100_000_000,
                                "tokensPerMinute", 1_000_000_000,
                                "concurrentStreams", 100_000));
        Map<String, String> environment = Map.of(CatalogToken.VARIABLE, service);
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "weft.access.keys=true",
                                "weft.catalog.url=" + address,
                                "weft.gateway.workers="
                                        + workers.stream()
                                                .map(worker -> worker.address().toString())
                                                .collect(Collectors.joining(","))));
        MeasuredProcess gateway =
                started("gateway", environment, run("gateway", "gateway", file, settings));
        ways.add(way("weft", gateway.address(), client, gateway));
        if (redis != null) {
            settings.add("weft.gateway.limits.redis=" + redis);
            MeasuredProcess sharing =
                    started("sharing", environment, run("gateway", "sharing", file, settings));
            ways.add(way("weft, Redis", sharing.address(), client, sharing));
        }
    }

    /**
     * @param data name of the service's folder for state
     */
    private List<String> run(String service, String data, Path file, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(WEFT, "run", service, file.toString()));
        command.addAll(List.of("--port", "0", "--data", folder.resolve(data).toString()));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        return command;
    }

    private MeasuredProcess started(
            String name, Map<String, String> environment, List<String> command)
            throws CommandException {
        MeasuredProcess process = MeasuredProcess.start(name, folder, environment, command);
        processes.add(process);
        return process;
    }

    private static String token(
            URI catalog, @Nullable String token, String role, Map<String, Object> more)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("name", role).put("role", role);
        more.forEach(body::putPOJO);
        try (CatalogClient client =
                new CatalogClient(catalog, token, null, CommandClients.client())) {
            return client.call("POST", "tokens", body)
                    .map(made -> made.path("secret").asString(""))
                    .orElseThrow(() -> new CommandException("the catalog makes no tokens"));
        }
    }

    private Path deploymentFile(Path sample) throws IOException {
        return Files.writeString(
                folder.resolve("weft.yaml"),
                """
                model_name: %s
                trt_llm:
                  build:
                    checkpoint_repository: {source: FILE, repo: "%s"}
                    lora_adapters:
                      %s: {source: FILE, repo: "%s"}
                    max_lora_rank: 16
                """
                        .formatted(
                                BASE,
                                sample.resolve("base"),
                                ADAPTER,
                                sample.resolve("adapters").resolve(ADAPTER)));
    }

    @Override
    public void close() throws IOException {
        for (Way way : ways) {
            way.load.close();
        }
        processes.reversed().forEach(MeasuredProcess::close);
        for (InstantWorker worker : workers) {
            worker.close();
        }
    }
}
