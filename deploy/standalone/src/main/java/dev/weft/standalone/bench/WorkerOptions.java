package dev.weft.standalone.bench;

import dev.weft.access.client.ServiceClient;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.bench.report.ServedBy;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import dev.weft.standalone.http.OfUrl;
import dev.weft.standalone.http.WorkerOption;
import dev.weft.standalone.metrics.Scrape;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Finds out what the workers behind a server compute with, from their metrics. If no worker is
 * named and the server is a gateway of Weft, the catalog names its workers. The server gets no
 * token; workers and the catalog get the environment's.
 */
final class WorkerOptions {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final String KERNELS = "weft_engine_kernels_info";

    @Mixin private WorkerOption workers = new WorkerOption();

    @Option(
            names = CatalogOptions.NAME,
            paramLabel = "URL",
            defaultValue = CatalogOptions.USUAL,
            converter = OfUrl.class,
            description =
                    "The catalog that knows the workers, if the server is a gateway of Weft"
                            + " (default: ${DEFAULT-VALUE}).")
    private URI catalog = URI.create(CatalogOptions.USUAL);

    /**
     * Workers' engines.
     *
     * @param notes why some, or all, are not known
     */
    record Found(List<ServedBy> engines, List<String> notes) {}

    /**
     * Asks the workers that are named, else the server if it is a worker, else the workers that the
     * catalog knows. Finds none if none is named and the server has no metrics of Weft.
     *
     * @throws CommandException if the certificates to trust can't be read
     */
    Found find(URI server) throws InterruptedException, CommandException {
        var notes = new ArrayList<String>();
        var engines = new ArrayList<ServedBy>();
        List<URI> named = workers.addresses();
        if (named.isEmpty()) {
            Optional<Scrape> metrics = scrape(server, null);
            if (metrics.isEmpty()) {
                return new Found(engines, notes);
            }
            Optional<ServedBy> itself = engine(server, metrics.get());
            if (itself.isPresent()) {
                return new Found(List.of(itself.get()), notes);
            }
        }
        for (URI worker : named.isEmpty() ? known(notes) : named) {
            Optional<Scrape> metrics = scrape(worker, CatalogToken.fromEnvironment().orElse(null));
            metrics.flatMap(found -> engine(worker, found))
                    .ifPresentOrElse(
                            engines::add,
                            () -> notes.add("worker " + worker + " doesn't say its kernels"));
        }
        return new Found(engines, notes);
    }

    private List<URI> known(List<String> notes) {
        try (CatalogClient client =
                new CatalogClient(
                        catalog,
                        CatalogToken.fromEnvironment().orElse(null),
                        null,
                        CommandClients.client())) {
            List<URI> known = client.workers();
            if (known.isEmpty()) {
                notes.add(unknown("the catalog at %s knows no worker"));
            }
            return known;
        } catch (CommandException _) {
            notes.add(unknown("no catalog answers at %s"));
            return List.of();
        }
    }

    private String unknown(String why) {
        return "which kernels answer is not known: "
                + why.formatted(catalog)
                + "; "
                + WorkerOption.NAME
                + " names a worker";
    }

    /** The metrics of a service; empty if they don't come in time, or aren't those of Weft. */
    private static Optional<Scrape> scrape(URI service, @Nullable String token)
            throws InterruptedException, CommandException {
        String base = service.toString().replaceFirst("/+$", "").replaceFirst("/v1$", "");
        try (var client =
                new ServiceClient(
                        token, CommandClients.client().connectTimeout(CONNECT_TIMEOUT).build())) {
            HttpResponse<String> answer =
                    client.exchange(
                            client.request(URI.create(base + "/actuator/prometheus")),
                            HttpResponse.BodyHandlers.ofString(),
                            DEADLINE);
            Scrape metrics = Scrape.parse(System.nanoTime(), answer.body());
            boolean weft =
                    metrics.value(KERNELS).isPresent()
                            || metrics.value("weft_gateway_workers").isPresent();
            return answer.statusCode() == 200 && weft ? Optional.of(metrics) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<ServedBy> engine(URI worker, Scrape metrics) {
        if (metrics.value(KERNELS).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ServedBy(
                        worker.toString(),
                        label(metrics, "engine"),
                        label(metrics, "kernels"),
                        label(metrics, "instruction_set")));
    }

    private static String label(Scrape metrics, String name) {
        return metrics.values(KERNELS, name).stream().findFirst().orElse("");
    }
}
