package dev.weft.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The catalog's admin API. */
public record Admin(URI catalog) {
    public void register(String name, RepositoryRef repository) throws Exception {
        ObjectNode body =
                Http.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("source", repository.source().name())
                        .put("repo", repository.repo());
        if (repository.revision() != null) {
            body.put("revision", repository.revision());
        }
        HttpResponse<String> response =
                Http.post(catalog.resolve("/admin/v1/adapters"), body.toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    }

    public void register(String name, Path folder) throws Exception {
        register(
                name,
                new RepositoryRef(RepositorySource.FILE, folder.toAbsolutePath().toString(), null));
    }

    /** Waits until the newest version is ready; fails with its reasons if it is rejected. */
    public void awaitReady(String name) throws Exception {
        Http.await(
                name + " is ready",
                () -> {
                    JsonNode versions = show(name).get("versions");
                    JsonNode newest = versions.get(0);
                    for (JsonNode version : versions) {
                        assertThat(version.get("state").asString())
                                .as(version.toString())
                                .isNotEqualTo("Rejected");
                    }
                    return newest.get("state").asString().equals("Ready");
                });
    }

    public JsonNode show(String name) throws IOException, InterruptedException {
        HttpResponse<String> response = Http.get(address(name));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Http.json(response);
    }

    public void disable(String name) throws IOException, InterruptedException {
        act(name, "/disable");
    }

    public void enable(String name) throws IOException, InterruptedException {
        act(name, "/enable");
    }

    public void remove(String name) throws IOException, InterruptedException {
        HttpResponse<String> response = Http.send(HttpRequest.newBuilder(address(name)).DELETE());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
    }

    /**
     * Creates a token and returns its secret.
     *
     * @param by an admin's token; null for the first token of all
     * @param tenant null for a role that is of none
     */
    public String createToken(
            @Nullable String by, String name, String role, @Nullable String tenant)
            throws IOException, InterruptedException {
        String body =
                Http.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("role", role)
                        .put("tenant", tenant)
                        .toString();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(catalog.resolve("/admin/v1/tokens"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<String> made =
                Http.send(by == null ? request : request.header("Authorization", "Bearer " + by));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Http.json(made).path("secret").asString();
    }

    private void act(String name, String action) throws IOException, InterruptedException {
        HttpResponse<String> response =
                Http.post(catalog.resolve("/admin/v1/adapters/" + name + action), "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private URI address(String name) {
        return catalog.resolve("/admin/v1/adapters/" + name);
    }
}
