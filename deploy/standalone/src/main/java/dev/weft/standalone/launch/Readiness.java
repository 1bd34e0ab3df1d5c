package dev.weft.standalone.launch;

import dev.weft.access.client.ServiceClient;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a service reports that it is ready. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SAY = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration FOR_THE_CATALOG = Duration.ofSeconds(30);

    private Readiness() {}

    /**
     * Waits as long as necessary, since a service of a fleet may have to wait for others; says what
     * it waits for. A gateway gets some time to reach its catalog: without it, it is ready for the
     * base alone.
     *
     * @param client client for the requests
     */
    static void await(RunningService service, HttpClient.Builder client) throws CommandException {
        long begun = System.nanoTime();
        long said = begun;
        try (var http = new ServiceClient(null, client.build())) {
            while (true) {
                String answer = ask(http, service.address().resolve("/actuator/health/readiness"));
                boolean blind = service.handle().blind();
                boolean patient = System.nanoTime() - begun < FOR_THE_CATALOG.toNanos();
                if (answer.startsWith("200 ") && !(blind && patient)) {
                    if (blind) {
                        LOG.warn("the catalog is not reached yet: only the base is served");
                    }
                    return;
                }
                if (System.nanoTime() - said > SAY.toNanos()) {
                    said = System.nanoTime();
                    LOG.info("the {} listens, but is not ready: {}", service.name(), answer);
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    private static String ask(ServiceClient http, URI readiness) throws CommandException {
        try {
            HttpResponse<String> response =
                    http.exchange(
                            http.request(readiness),
                            HttpResponse.BodyHandlers.ofString(),
                            DEADLINE);
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }
}
