package dev.weft.inference.server.http;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.WorkerService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to a worker. */
public final class WorkerClient {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final HttpClient http = HttpClient.newHttpClient();
    private final WorkerService worker;

    public WorkerClient(TestWorker worker) {
        this(worker.service);
    }

    public WorkerClient(WorkerService worker) {
        this.worker = worker;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(worker.address().resolve(path)).timeout(LIMIT);
    }

    public HttpRequest post(String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<Stream<String>> open(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofLines());
    }

    /** The answer's document; ids are replaced, since each is new. */
    public JsonNode json(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(withoutId(send(post(path, body, headers)).body()));
    }

    /** What follows {@code data: } in each event; ids are replaced. */
    List<String> events(String path, String body) throws IOException, InterruptedException {
        try (Stream<String> lines = open(post(path, body)).body()) {
            return lines.filter(line -> line.startsWith("data: "))
                    .map(line -> withoutId(line.substring(6)))
                    .toList();
        }
    }

    public static JsonNode tree(String json) {
        return JsonMapper.shared().readTree(json);
    }

    public void stop() {
        http.shutdownNow();
    }

    private static String withoutId(String json) {
        return json.replaceAll("\"id\":\"(chatcmpl|cmpl)-[0-9a-f]{32}\"", "\"id\":\"$1\"");
    }
}
