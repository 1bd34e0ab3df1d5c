package dev.weft.standalone.launch;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds out whether a gateway answers: it must list the models, and complete one token. */
final class FirstRequest {
    private static final Logger LOG = LoggerFactory.getLogger(FirstRequest.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** A header. If it holds the gateway's own token, the request counts for nobody. */
    private static final String UNCOUNTED = "weft-uncounted";

    private final URI gateway;
    private final LaunchTokens tokens;
    private final ServiceClient http;
    private String last = "nothing yet";

    /**
     * @param tokens the launcher's goes with all requests; the services' leaves the completions
     *     uncounted
     * @param http client for the requests
     */
    FirstRequest(URI gateway, LaunchTokens tokens, HttpClient.Builder http) {
        this.http = new ServiceClient(tokens.launcher(), http.build());
        this.gateway = gateway;
        this.tokens = tokens;
    }

    /**
     * Waits until all of {@code bases} answer and all of {@code adapters} are listed.
     *
     * @return the adapters that are listed: somebody may have disabled or removed one meanwhile
     */
    List<String> await(List<String> bases, List<String> adapters, Duration deadline)
            throws CommandException {
        long end = System.nanoTime() + deadline.toNanos();
        boolean answers = false;
        while (true) {
            List<String> models = models();
            answers = answers || (models.containsAll(bases) && complete(bases));
            if (answers && models.containsAll(adapters)) {
                return adapters;
            }
            if (System.nanoTime() > end) {
                if (answers) {
                    LOG.warn(
                            "the gateway does not list {} after {} s",
                            adapters.stream().filter(name -> !models.contains(name)).toList(),
                            deadline.toSeconds());
                    return adapters.stream().filter(models::contains).toList();
                }
                throw new CommandException(
                        "the gateway at %s is not ready after %d s; its last answer: %s"
                                .formatted(gateway, deadline.toSeconds(), last));
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** The models that the gateway lists; none if it doesn't answer yet. */
    private List<String> models() throws CommandException {
        HttpResponse<String> response = exchange(http.request(gateway.resolve("/v1/models")));
        if (response == null || response.statusCode() != 200) {
            return List.of();
        }
        var models = new ArrayList<String>();
        try {
            for (JsonNode model : JSON.readTree(response.body()).path("data")) {
                models.add(model.path("id").asString(""));
            }
        } catch (JacksonException _) {
            return List.of();
        }
        return models;
    }

    private boolean complete(List<String> bases) throws CommandException {
        for (String base : bases) {
            if (!completes(base)) {
                return false;
            }
        }
        return true;
    }

    private boolean completes(String base) throws CommandException {
        byte[] body =
                JSON.writeValueAsBytes(
                        JSON.createObjectNode()
                                .put("model", base)
                                .put("prompt", "a")
                                .put("max_tokens", 1)
                                .put("temperature", 0));
        HttpRequest.Builder request = http.post(gateway.resolve("/v1/completions"), body);
        String own = tokens.services();
        HttpResponse<String> response =
                exchange(own == null ? request : request.header(UNCOUNTED, own));
        return response != null && (response.statusCode() == 200 || makesNoText(response));
    }

    /**
     * True if the worker says that it has no such path. A worker does so if its server only makes
     * vectors, and shows that it answers.
     */
    private static boolean makesNoText(HttpResponse<String> response) {
        if (response.statusCode() != 404) {
            return false;
        }
        try {
            return JSON.readTree(response.body())
                    .at("/error/code")
                    .asString("")
                    .equals(ErrorCode.NOT_FOUND.code());
        } catch (JacksonException _) {
            return false;
        }
    }

    private @Nullable HttpResponse<String> exchange(HttpRequest.Builder request)
            throws CommandException {
        try {
            HttpResponse<String> response =
                    http.exchange(request, HttpResponse.BodyHandlers.ofString(), DEADLINE);
            last = response.statusCode() + " " + response.body();
            return response;
        } catch (IOException e) {
            last = e.toString();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }
}
