package dev.weft.gateway.forward;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.json;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Messages and responses on their way through the gateway. */
class OtherInterfacesTest {
    private static final String BODY = "{\"model\":\"sql\"}";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        worker = new FakeWorker(BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages", "/v1/messages/count_tokens", "/v1/responses"})
    void requestsReachAWorkerWithTheirAdapter(String path) throws Exception {
        worker.answers(FakeWorker.json(200, "{\"x\":1}"));
        HttpResponse<String> answer = send(post(gateway, path, BODY));
        assertThat(answer.body()).isEqualTo("{\"x\":1}");
        FakeWorker.Received received = worker.next();
        assertThat(received.path()).isEqualTo(path);
        assertThat(received.headers().getAll("weft-adapter")).hasSize(1);
    }

    @Test
    void errorsHaveTheShapeOfTheirInterface() throws Exception {
        String unknown = "{\"model\":\"nobody\"}";
        JsonNode message = json(send(post(gateway, "/v1/messages", unknown)).body());
        assertThat(message.path("type").asString()).isEqualTo("error");
        assertThat(message.at("/error/type").asString()).isEqualTo("not_found_error");
        JsonNode response = json(send(post(gateway, "/v1/responses", unknown)).body());
        assertThat(response.at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void streamsThatBreakEndWithAnErrorEventOfTheirInterface() throws Exception {
        worker.answers(
                FakeWorker.cut(
                        "text/event-stream", Flux.just("event: a\ndata: {}\n\n", "data: {")));
        assertThat(send(post(gateway, "/v1/messages", BODY)).body())
                .startsWith(
                        "event: a\ndata: {}\n\nevent: error\ndata: {\"type\":\"error\",\"error\":")
                .contains("api_error");
        assertThat(send(post(gateway, "/v1/responses", BODY)).body())
                .contains(
                        "event: error\ndata: {\"type\":\"error\",\"sequence_number\":1,"
                                + "\"code\":\"worker_failed\"");
    }

    /** Nothing is missing once the last event was passed on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages|event: message_stop#data: {\"type\":\"message_stop\"}##",
                "/v1/responses|event: response.completed#data: {}##: end##"
            })
    void aStreamThatBreaksBehindItsLastEventIsWhole(String path, String end) throws Exception {
        String last = end.replace("#", "\n");
        worker.answers(FakeWorker.cut("text/event-stream", Flux.just("data: {}\n\n", last)));
        assertThat(send(post(gateway, path, BODY)).body())
                .endsWith(last)
                .doesNotContain("event: error");
    }

    /** Users send it to whoever runs the gateway. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"POST|{|400", "POST|{}|400", "POST|{\"model\":\"no\"}|404", "GET||405"})
    void errorsNameTheirRequestHoweverEarlyTheyAre(String method, String body, int status)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.address().resolve("/v1/messages"))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofString(body == null ? "" : body))
                        .build();
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).isEqualTo(status);
        String id = answer.headers().firstValue("request-id").orElseThrow();
        assertThat(answer.headers().firstValue("x-request-id")).contains(id);
        assertThat(json(answer.body()).path("request_id").asString()).isEqualTo(id);
    }

    @Test
    void aWorkerKnowsTheIdThatItsClientGets() throws Exception {
        worker.answers(FakeWorker.json(200, "{}"));
        HttpResponse<String> answer = send(post(gateway, "/v1/messages", BODY));
        assertThat(worker.next().headers().getAll("x-request-id"))
                .containsExactly(answer.headers().firstValue("request-id").orElseThrow());
    }
}
