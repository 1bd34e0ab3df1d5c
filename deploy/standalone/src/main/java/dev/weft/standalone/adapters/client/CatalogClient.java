package dev.weft.standalone.adapters.client;

import dev.weft.access.client.ServiceClient;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client of the admin API. Calls block and have a deadline. Safe for any thread. */
public final class CatalogClient implements AutoCloseable {
    /** A double would round amounts of money. */
    private static final ObjectReader EXACT =
            JsonMapper.shared().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final URI admin;
    private final @Nullable String tenant;
    private final ServiceClient http;

    /**
     * Creates a client of a catalog.
     *
     * @param catalog its address
     * @param token null for none
     * @param tenant the tenant of the adapters; null for the token's
     * @param http client for the requests
     */
    public CatalogClient(
            URI catalog, @Nullable String token, @Nullable String tenant, HttpClient.Builder http) {
        this.http = new ServiceClient(token, http.connectTimeout(CONNECT_TIMEOUT).build());
        this.tenant = tenant;
        this.admin = catalog.resolve("/admin/v1/");
    }

    /**
     * Registers a version; its ingest continues after this returns.
     *
     * @return the registration's id
     */
    public long register(String name, RepositoryRef repository, @Nullable String base)
            throws CommandException {
        ObjectNode body =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("name", name)
                        .put("source", repository.source().name())
                        .put("repo", repository.repo());
        if (repository.revision() != null) {
            body.put("revision", repository.revision());
        }
        if (base != null) {
            body.put("base", base);
        }
        return AdapterJson.id(json(send("POST", "adapters", body)));
    }

    /**
     * What a registration led to: its version, or the one that stands for it because it has the
     * same content; empty if it was removed.
     */
    public Optional<AdapterVersion> registered(long id) throws CommandException {
        return call("GET", "versions/" + id, null).map(AdapterJson::version);
    }

    /** The versions of a name, newest first; empty if the catalog doesn't know the name. */
    public Optional<List<AdapterVersion>> find(String name) throws CommandException {
        return call("GET", path(name), null).map(AdapterJson::versions);
    }

    /** The names that the catalog knows, with their versions, page after page. */
    public List<NamedAdapter> list() throws CommandException {
        var all = new ArrayList<NamedAdapter>();
        Optional<String> page = Optional.of("adapters");
        while (page.isPresent()) {
            JsonNode answer = json(send("GET", page.get(), null));
            all.addAll(AdapterJson.adapters(answer));
            page = AdapterJson.next(answer);
        }
        return all;
    }

    /** Takes a name out of service. */
    public void disable(String name) throws CommandException {
        send("POST", path(name) + "/disable", null);
    }

    /** Puts a name back into service. */
    public void enable(String name) throws CommandException {
        send("POST", path(name) + "/enable", null);
    }

    /** Removes a name and its versions. */
    public void remove(String name) throws CommandException {
        send("DELETE", path(name), null);
    }

    /** Addresses of the workers that have reported lately. */
    public List<URI> workers() throws CommandException {
        var addresses = new ArrayList<URI>();
        for (JsonNode worker :
                call("GET", "workers", null)
                        .orElseThrow(() ->
                                new CommandException(
                                        "no catalog of Weft is at " + admin.resolve("/")))) {
            if (worker.path("alive").asBoolean()) {
                addresses.add(URI.create(worker.path("address").asString("")));
            }
        }
        return addresses;
    }

    /**
     * Calls any other part of the admin API.
     *
     * @param path path below {@code /admin/v1/}, or one that begins with it; encoded
     * @param body null for none
     * @param headers names and values in turn
     * @return the answer; empty if the catalog knows no such thing
     */
    public Optional<JsonNode> call(
            String method, String path, @Nullable JsonNode body, String... headers)
            throws CommandException {
        HttpResponse<String> response = exchange(method, path, body, headers);
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        String answer = checked(response);
        return Optional.of(
                answer.isEmpty() ? JsonMapper.shared().createObjectNode() : json(answer));
    }

    /** A name as a part of a path; its slashes stay. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    private static String path(String name) {
        return "adapters/" + segment(name);
    }

    private String send(String method, String path, @Nullable JsonNode body)
            throws CommandException {
        return checked(exchange(method, path, body));
    }

    private HttpResponse<String> exchange(
            String method, String path, @Nullable JsonNode body, String... headers)
            throws CommandException {
        // a relative path is joined without resolve(), which would take dots out of a name
        URI address = path.startsWith("/") ? admin.resolve(path) : URI.create(admin + path);
        HttpRequest.Builder request =
                http.request(ofTenant(address)).header("Accept", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body.toString()));
        }
        try {
            return http.exchange(request, HttpResponse.BodyHandlers.ofString(), DEADLINE);
        } catch (IOException e) {
            throw new CommandException(
                    "no catalog answers at "
                            + admin.resolve("/")
                            + " ("
                            + e.getClass().getSimpleName()
                            + "): is one running? ./weft serve starts one, --catalog names"
                            + " another"
                            + CommandClients.hint(e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private URI ofTenant(URI uri) {
        return tenant == null
                ? uri
                : URI.create(
                        uri
                                + (uri.getQuery() == null ? "?" : "&")
                                + "tenant="
                                + URLEncoder.encode(tenant, StandardCharsets.UTF_8));
    }

    private static String checked(HttpResponse<String> response) throws CommandException {
        if (response.statusCode() / 100 != 2) {
            String hint =
                    response.statusCode() == 401
                            ? "; commands send that of the environment variable "
                                    + CatalogToken.VARIABLE
                            : "";
            throw new CommandException(
                    "the catalog refused (%d): %s%s"
                            .formatted(response.statusCode(), detail(response.body()), hint));
        }
        return response.body();
    }

    private static String detail(String body) {
        try {
            JsonNode problem = JsonMapper.shared().readTree(body);
            return problem.path("detail").asString(problem.path("title").asString(body));
        } catch (JacksonException _) {
            return body;
        }
    }

    private static JsonNode json(String body) throws CommandException {
        try {
            return EXACT.readTree(body);
        } catch (JacksonException e) {
            throw new CommandException("the catalog's answer is not JSON: " + body, e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
