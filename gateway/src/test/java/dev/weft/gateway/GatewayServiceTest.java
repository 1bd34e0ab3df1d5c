package dev.weft.gateway;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.await;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.json;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GatewayServiceTest {
    private static FakeCatalog catalog;
    private static FakeWorker worker;
    private static GatewayService gateway;

    @BeforeAll
    static void start() throws Exception {
        catalog =
                new FakeCatalog(
                        FakeCatalog.adapter("sql", 0xabc), FakeCatalog.adapter("team/json", 2));
        worker = new FakeWorker(BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @BeforeEach
    void answerWithNothing() {
        worker.answers(FakeWorker.json(200, "{\"ok\":true}"));
    }

    @Test
    void forwardsTheSameBytesWithTheAdaptersDigest() throws Exception {
        String body = "{ \"messages\": [{\"content\":\"zwölf 🧵\"}],\n\"model\":\"sql\" }";
        HttpResponse<String> response = chat(gateway, body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"ok\":true}");
        FakeWorker.Received received = worker.next();
        assertThat(received.path()).isEqualTo("/v1/chat/completions");
        assertThat(received.body()).isEqualTo(body);
        assertThat(received.headers().get("weft-adapter"))
                .isEqualTo("sha256:" + "0".repeat(61) + "abc");
        assertThat(received.headers().get("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void theBaseGetsNoAdapterAndThePathAndTheQueryStay() throws Exception {
        send(post(gateway, "/v1/completions?a=b%20c", "{\"model\":\"" + BASE + "\"}"));

        FakeWorker.Received received = worker.next();
        assertThat(received.path()).isEqualTo("/v1/completions?a=b%20c");
        assertThat(received.headers().contains("weft-adapter")).isFalse();
    }

    @Test
    void headersOfOursThatAClientSendsAreDropped() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.address().resolve("/v1/chat/completions"))
                        .header("Weft-Adapter", "sha256:" + "f".repeat(64))
                        .header("weft-model", "x")
                        .header("x-other", "y")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"" + BASE + "\"}"))
                        .build();
        send(request);

        FakeWorker.Received received = worker.next();
        assertThat(received.headers().contains("weft-adapter")).isFalse();
        assertThat(received.headers().contains("weft-model")).isFalse();
        assertThat(received.headers().get("x-other")).isEqualTo("y");
    }

    @Test
    void aBodyWithoutALengthArrivesWhole() throws Exception {
        String body = "{\"a\":\"" + "x".repeat(50_000) + "\",\"model\":\"sql\"}";
        HttpRequest request =
                HttpRequest.newBuilder(gateway.address().resolve("/v1/chat/completions"))
                        .POST(
                                HttpRequest.BodyPublishers.ofInputStream(() ->
                                        new ByteArrayInputStream(
                                                body.getBytes(StandardCharsets.UTF_8))))
                        .build();

        assertThat(send(request).statusCode()).isEqualTo(200);
        FakeWorker.Received received = worker.next();
        assertThat(received.body()).isEqualTo(body);
        assertThat(received.headers().get("Content-Length")).isEqualTo("" + body.length());
    }

    @Test
    void theWorkersOwnErrorsPassUnchanged() throws Exception {
        String body = "{\"error\":{\"message\":\"no\",\"param\":\"temperature\"}}";
        worker.answers(FakeWorker.json(400, body));
        HttpResponse<String> response = chat(gateway, "{\"model\":\"sql\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo(body);
        worker.next();
    }

    @Test
    void anUnknownModelIsNotFound() throws Exception {
        HttpResponse<String> response = chat(gateway, "{\"model\":\"nope\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response).get("code").asString()).isEqualTo("model_not_found");
        assertThat(error(response).get("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error(response).get("param").asString()).isEqualTo("model");
        assertThat(error(response).get("message").asString())
                .isEqualTo("The model 'nope' does not exist or you do not have access to it.");
        assertThat(worker.gotNothing()).isTrue();
    }

    @Test
    void bodiesThatNameNoModelAreBadRequests() throws Exception {
        for (String body :
                new String[] {"", "{", "[]", "{}", "{\"model\":7}", "{\"model\":\"\"}"}) {
            HttpResponse<String> response = chat(gateway, body);
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(error(response).get("message").asString()).as(body).isNotBlank();
        }
        assertThat(error(chat(gateway, "{\"model\":null}")).get("param").asString())
                .isEqualTo("model");
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() throws Exception {
        String body = "{\"model\":\"sql\",\"a\":\"" + "x".repeat(100_000) + "\"}";
        HttpResponse<String> response = chat(gateway, body);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(error(response).get("code").asString()).isEqualTo("request_too_large");
        assertThat(error(response).get("message").asString()).contains("100000");

        HttpRequest withoutLength =
                HttpRequest.newBuilder(gateway.address().resolve("/v1/chat/completions"))
                        .POST(
                                HttpRequest.BodyPublishers.ofInputStream(() ->
                                        new ByteArrayInputStream(
                                                body.getBytes(StandardCharsets.UTF_8))))
                        .build();
        assertThat(send(withoutLength).statusCode()).isEqualTo(413);
    }

    @Test
    void unknownPathsAndWrongMethodsAreToldInTheEnvelope() throws Exception {
        HttpResponse<String> path = get(gateway, "/v1/nothing");
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(error(path).get("code").asString()).isEqualTo("not_found");

        for (String only : new String[] {"/v1/chat/completions", "/v1/completions"}) {
            HttpResponse<String> method = get(gateway, only);
            assertThat(method.statusCode()).isEqualTo(405);
            assertThat(method.headers().firstValue("Allow")).contains("POST");
            assertThat(error(method).get("code").asString()).isEqualTo("method_not_allowed");
        }
        HttpResponse<String> models = send(post(gateway, "/v1/models", "{}"));
        assertThat(models.statusCode()).isEqualTo(405);
        assertThat(error(models).get("message").asString()).contains("GET");
    }

    @Test
    void listsTheBaseAndEveryAdapter() throws Exception {
        HttpResponse<String> response = get(gateway, "/v1/models");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode list = json(response.body());

        assertThat(list.get("object").asString()).isEqualTo("list");
        assertThat(list.get("data").toString())
                .startsWith(
                        "[{\"id\":\"weft-tiny\",\"object\":\"model\",\"created\":"
                                + Gateways.STARTED.getEpochSecond()
                                + ",\"owned_by\":\"weft\",\"root\":\"HF:weft/tiny\",\"parent\":null},"
                                + "{\"id\":\"sql\",\"object\":\"model\",\"created\":1700000000,"
                                + "\"owned_by\":\"weft\",\"root\":\"HF:weft/sql@0123\","
                                + "\"parent\":\"weft-tiny\",\"task_type\":\"CAUSAL_LM\"}");
        assertThat(StreamSupport.stream(list.get("data").spliterator(), false))
                .extracting(model -> model.get("id").asString())
                .containsExactly("weft-tiny", "sql", "team/json");
    }

    @Test
    void showsOneModelAlsoWithASlashInItsName() throws Exception {
        for (String path : new String[] {"team/json", "team%2Fjson"}) {
            JsonNode model = json(get(gateway, "/v1/models/" + path).body());
            assertThat(model.get("id").asString()).isEqualTo("team/json");
            assertThat(model.get("parent").asString()).isEqualTo(BASE);
        }
        assertThat(json(get(gateway, "/v1/models/" + BASE).body()).get("parent").isNull()).isTrue();
        HttpResponse<String> unknown = get(gateway, "/v1/models/nope");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(error(unknown).get("code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void followsWhatTheCatalogPublishesAndWithdraws() throws Exception {
        assertThat(chat(gateway, "{\"model\":\"late\"}").statusCode()).isEqualTo(404);
        catalog.publish(FakeCatalog.adapter("late", 77));
        await(() -> chat(gateway, "{\"model\":\"late\"}").statusCode() == 200);
        assertThat(worker.next().headers().get("weft-adapter")).endsWith("4d");

        catalog.withdraw("late");
        await(() -> chat(gateway, "{\"model\":\"late\"}").statusCode() == 404);
        while (!worker.gotNothing()) {
            worker.next();
        }
    }

    @Test
    void healthAndMetricsAreThere() throws Exception {
        assertThat(get(gateway, "/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(200);
        chat(gateway, "{\"model\":\"made-up\"}");
        chat(gateway, "{\"model\":\"team/json\"}");
        worker.next();

        // a request is counted once its client has the answer
        await(() -> metrics().contains("weft_adapter=\"team/json\",weft_outcome=\"ok\""));
        assertThat(metrics())
                .contains("weft_adapter=\"unknown\",weft_outcome=\"refused\"")
                .doesNotContain("made-up");
    }

    private static String metrics() throws Exception {
        return get(gateway, "/actuator/prometheus").body();
    }
}
