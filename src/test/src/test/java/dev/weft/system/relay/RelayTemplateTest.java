package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that brings a chat template of its own, before servers that take one and others. */
class RelayTemplateTest {
    private static final String TEMPLATE = "{{ messages[0].content }} \"=>\"";

    @TempDir private Path folder;

    /** The sample's adapter with a template. */
    private Path adapter() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("own"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(Sample.adapter("sql").resolve(name), copy.resolve(name));
        }
        Files.writeString(copy.resolve("chat_template.jinja"), TEMPLATE);
        return copy;
    }

    /** Registers the adapter, and waits until the gateway has heard of it. */
    private void serve(RelayFleet<?> relay) throws Exception {
        relay.fleet.admin().register("own", adapter());
        relay.fleet.admin().awaitReady("own");
        Http.await(
                "the gateway knows the adapter",
                () -> Http.get(relay.gateway().resolve("/v1/models/own")).statusCode() == 200);
    }

    private static HttpResponse<String> ask(URI gateway, String path) throws Exception {
        return Http.post(
                gateway.resolve(path),
                """
                {"model":"own","max_tokens":3,"messages":[{"role":"user","content":"all"}]}\
                """);
    }

    @Test
    void vllmRendersTheAdaptersTemplate() throws Exception {
        try (RelayFleet<VllmStub> relay =
                RelayFleet.start(
                        folder,
                        (held, data) ->
                                VllmStub.start(VllmStub.Errors.PYTHON, held, data).trusting(),
                        1,
                        2)) {
            serve(relay);
            HttpResponse<String> answer = ask(relay.gateway(), "/v1/chat/completions");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(relay.stub.template()).isEqualTo(TEMPLATE);
            HttpResponse<String> message = ask(relay.gateway(), "/v1/messages");
            assertThat(message.statusCode()).isEqualTo(400);
            assertThat(message.body()).contains("brings a chat template", "/v1/chat/completions");
        }
    }

    @Test
    void aVllmThatDoesNotTrustTemplatesSaysWhatIsMissing() throws Exception {
        try (RelayFleet<VllmStub> relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2)) {
            serve(relay);
            HttpResponse<String> answer = ask(relay.gateway(), "/v1/chat/completions");
            assertThat(answer.statusCode()).isBetween(400, 599);
            assertThat(answer.body()).contains("--trust-request-chat-template");
        }
    }

    @Test
    void aNewerTrtllmServeThatIsNotAllowedToTakeTemplatesSaysWhatIsMissing() throws Exception {
        try (RelayFleet<TrtllmStub> relay =
                RelayFleet.start(
                        folder, (held, data) -> TrtllmStub.start(held, data).newer(), 1, 2)) {
            serve(relay);
            HttpResponse<String> answer = ask(relay.gateway(), "/v1/chat/completions");
            assertThat(answer.statusCode()).isBetween(400, 599);
            assertThat(answer.body()).contains("--allow_request_chat_template");
        }
    }

    @Test
    void anOlderTrtllmServeTakesIt() throws Exception {
        try (RelayFleet<TrtllmStub> relay = RelayFleet.start(folder, TrtllmStub::start, 1, 2)) {
            serve(relay);
            HttpResponse<String> answer = ask(relay.gateway(), "/v1/chat/completions");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void theCatalogRejectsItForSglangWhichRendersTheBasesAlone() throws Exception {
        try (RelayFleet<SglangStub> relay = RelayFleet.start(folder, SglangStub::start, 1, 2)) {
            relay.fleet.admin().register("own", adapter());
            Http.await(
                    "the version is rejected",
                    () ->
                            relay.fleet
                                    .admin()
                                    .show("own")
                                    .toString()
                                    .contains("\"code\":\"CHAT_TEMPLATE\""));
            assertThat(relay.fleet.admin().show("own").toString()).contains("sglang");
        }
    }
}
