package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A real Prometheus that scrapes services every other second, configured as grafana/prometheus.yml.
 */
final class Prometheus implements AutoCloseable {
    static final int SCRAPE_SECONDS = 2;

    private static final Pattern LISTENING = Pattern.compile("Listening on.* address=(\\S+:\\d+)");

    private final Process process;
    private final URI address;

    private Prometheus(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts it; all services have been scraped when this returns.
     *
     * @param folder for its configuration and data
     * @param services by job
     */
    static Prometheus start(Path folder, Map<String, URI> services) throws Exception {
        Path configuration = Files.createDirectories(folder).resolve("prometheus.yml");
        Files.writeString(configuration, configuration(services));
        Process process =
                Program.named("prometheus")
                        .with(
                                List.of(
                                        "--config.file=" + configuration,
                                        "--storage.tsdb.path=" + folder.resolve("data"),
                                        "--web.listen-address=127.0.0.1:0",
                                        "--enable-feature=exemplar-storage"))
                        .start();
        CompletableFuture<URI> listening = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> listen(process, listening));
        try {
            Prometheus prometheus = new Prometheus(process, listening.get(120, TimeUnit.SECONDS));
            Http.await(
                    "prometheus is ready",
                    () -> Http.get(prometheus.address.resolve("/-/ready")).statusCode() == 200);
            Http.await(
                    "all services are scraped",
                    () -> prometheus.query("up == 1").size() == services.size());
            return prometheus;
        } catch (Exception | AssertionError e) {
            end(process);
            throw e;
        }
    }

    /** The users' file, with other addresses, a shorter interval and absolute paths. */
    private static String configuration(Map<String, URI> services) throws IOException {
        String interval = SCRAPE_SECONDS + "s";
        ObjectNode configuration =
                (ObjectNode) Yaml.read(Dashboard.GRAFANA.resolve("prometheus.yml"));
        configuration
                .putObject("global")
                .put("scrape_interval", interval)
                .put("scrape_timeout", interval)
                .put("evaluation_interval", interval);
        ArrayNode jobs = configuration.withArray("scrape_configs");
        assertThat(jobs).hasSameSizeAs(services.entrySet());
        for (JsonNode job : jobs) {
            URI service = Objects.requireNonNull(services.get(job.get("job_name").asString()));
            ((ObjectNode) job)
                    .putArray("static_configs")
                    .addObject()
                    .putArray("targets")
                    .add(service.getAuthority());
        }
        ArrayNode rules = configuration.withArray("rule_files");
        for (int i = 0; i < rules.size(); i++) {
            rules.set(i, Dashboard.GRAFANA.resolve(rules.get(i).asString()).toString());
        }
        return configuration.toString(); // JSON is YAML
    }

    private static void listen(Process process, CompletableFuture<URI> listening) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                Matcher address = LISTENING.matcher(line);
                if (address.find()) {
                    listening.complete(URI.create("http://" + address.group(1)));
                }
            }
            listening.completeExceptionally(new AssertionError("prometheus ended:\n" + said));
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
    }

    /** The result of an instant query now: series with their value. */
    JsonNode query(String expression) throws Exception {
        return data("query?query=" + encoded(expression)).get("result");
    }

    /** The result of a query over time: series with their values, one for each scrape. */
    JsonNode range(String expression, Instant from, Instant to) throws Exception {
        return data("query_range?query=%s&start=%d&end=%d&step=%d"
                        .formatted(
                                encoded(expression),
                                from.getEpochSecond(),
                                to.getEpochSecond(),
                                SCRAPE_SECONDS))
                .get("result");
    }

    /** The values of a metric's label, as Grafana's {@code label_values} asks for them. */
    List<String> labelValues(String metric, String label) throws Exception {
        List<String> values = new ArrayList<>();
        data("label/" + label + "/values?match[]=" + encoded(metric))
                .forEach(value -> values.add(value.asString()));
        return values;
    }

    private JsonNode data(String path) throws Exception {
        HttpResponse<String> answer =
                Http.get(URI.create(address + "/api/v1/" + path.replace("[]", "%5B%5D")));
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return Http.json(answer).get("data");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }
}
