package dev.weft.standalone.top;

import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.metrics.Scrape;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Scrapes the same services again and again; a frame covers the time between two scrapes. */
final class Watch implements AutoCloseable {
    private final List<URI> workers;
    private final URI gateway;
    private final WatchedServices services;
    private Map<URI, Scrape> before = new LinkedHashMap<>();

    /**
     * Watches these addresses.
     *
     * @param gateway address of the gateway, which need not run
     * @param token token for services that ask for one; null for none
     * @param http client for the requests
     */
    Watch(List<URI> workers, URI gateway, @Nullable String token, HttpClient.Builder http) {
        this.services = new WatchedServices(token, http);
        this.workers = workers.stream().sorted().toList();
        this.gateway = gateway;
    }

    /** Makes the first scrape, which shows nothing yet; fails if no worker answers. */
    void begin() throws CommandException, InterruptedException {
        Map<URI, WatchedServices.Answer> answers = answers();
        before = known(answers);
        if (workers.stream().noneMatch(before::containsKey)) {
            throw new CommandException(
                    "no worker answers: "
                            + workers.stream()
                                    .map(worker -> worker + " " + why(answers.get(worker)))
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** Makes the next scrape. */
    ScreenFrame next() throws InterruptedException {
        Map<URI, WatchedServices.Answer> answers = answers();
        Map<URI, Scrape> now = known(answers);
        Map<URI, Growth> growth = new LinkedHashMap<>();
        now.forEach((address, scrape) ->
                growth.put(address, new Growth(before.getOrDefault(address, scrape), scrape)));
        List<WorkerLine> lines = new ArrayList<>();
        List<Growth> answered = new ArrayList<>();
        double seconds = 0;
        for (URI worker : workers) {
            Growth grown = growth.get(worker);
            if (grown == null) {
                lines.add(WorkerLine.failed(worker.toString(), why(answers.get(worker))));
            } else {
                lines.add(WorkerLine.of(worker.toString(), grown));
                answered.add(grown);
                seconds = Math.max(seconds, grown.now().since(grown.before()));
            }
        }
        before = now;
        return new ScreenFrame(
                seconds,
                lines,
                AdapterLine.of(answered, growth.get(gateway)),
                now.containsKey(gateway) ? null : gateway + " " + why(answers.get(gateway)));
    }

    private Map<URI, WatchedServices.Answer> answers() throws InterruptedException {
        Map<URI, URI> pages = new LinkedHashMap<>();
        workers.forEach(worker -> pages.put(worker, worker.resolve("/metrics")));
        pages.putIfAbsent(gateway, gateway.resolve("/actuator/prometheus"));
        Map<URI, WatchedServices.Answer> byPage = services.ask(List.copyOf(pages.values()));
        Map<URI, WatchedServices.Answer> answers = new LinkedHashMap<>();
        pages.forEach((service, page) -> {
            WatchedServices.Answer answer = byPage.get(page);
            if (answer != null) {
                answers.put(service, answer);
            }
        });
        return answers;
    }

    private static Map<URI, Scrape> known(Map<URI, WatchedServices.Answer> answers) {
        Map<URI, Scrape> known = new LinkedHashMap<>();
        answers.forEach((address, answer) -> {
            if (answer instanceof WatchedServices.Answer.Known(Scrape scrape)) {
                known.put(address, scrape);
            }
        });
        return known;
    }

    private static String why(WatchedServices.@Nullable Answer answer) {
        return answer instanceof WatchedServices.Answer.Failed(String why)
                ? why
                : "does not answer";
    }

    @Override
    public void close() {
        services.close();
    }
}
