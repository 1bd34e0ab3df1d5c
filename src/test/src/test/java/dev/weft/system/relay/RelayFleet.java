package dev.weft.system.relay;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A fleet whose engine is a stub of a server with the sample's base. */
final class RelayFleet<S extends StubServer> implements AutoCloseable {
    final S stub;
    final RunningFleet fleet;

    private RelayFleet(S stub, RunningFleet fleet) {
        this.stub = stub;
        this.fleet = fleet;
    }

    /** A kind of server. */
    interface Kind<S extends StubServer> {
        /**
         * Starts one.
         *
         * @param held adapters that it holds in memory
         */
        S start(int held, Path data) throws Exception;
    }

    static RelayFleet<VllmStub> start(
            Path folder, VllmStub.Errors errors, int slots, int held, String... settings)
            throws Exception {
        return start(
                folder, (most, data) -> VllmStub.start(errors, most, data), slots, held, settings);
    }

    static <S extends StubServer> RelayFleet<S> start(
            Path folder, Kind<S> kind, int slots, int held, String... settings) throws Exception {
        S stub = kind.start(held, folder.resolve("stub"));
        try {
            return new RelayFleet<>(
                    stub, fleet(folder.resolve("fleet"), stub, slots, held, settings));
        } catch (Exception | AssertionError e) {
            stub.close();
            throw e;
        }
    }

    static RunningFleet fleet(
            Path folder, StubServer server, int slots, int held, String... settings)
            throws Exception {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "weft.engine=" + server.engine(),
                                "weft.relay.url=" + server.address(),
                                "weft.relay.max-cpu-loras=" + held,
                                "weft.relay.start-timeout=2m",
                                "weft.inference.adapter-timeout=3m",
                                "weft.inference.max-loras=" + slots,
                                "weft.catalog.file-roots=" + folder.toAbsolutePath().getParent()));
        all.addAll(List.of(settings));
        return RunningFleet.start(Sample.deploymentFile(), folder, all.toArray(String[]::new));
    }

    URI gateway() {
        return fleet.gateway();
    }

    URI chat() {
        return gateway().resolve("/v1/chat/completions");
    }

    /** The body of a greedy chat that is streamed for so many tokens. */
    static String streamed(String model, int tokens) {
        return """
        {"model":"%s","stream":true,"temperature":0,"max_tokens":%d,"ignore_eos":true,
        "messages":[{"role":"user","content":"all orders"}]}\
        """
                .formatted(model, tokens);
    }

    /** Streams such a chat to its end. */
    HttpResponse<String> stream(String model, int tokens) throws Exception {
        return Http.post(chat(), streamed(model, tokens));
    }

    /**
     * Has the server come back once the worker and the gateway have seen that it is away: a gateway
     * that still believed in the worker would notice during the next request.
     */
    void comeBack() throws Exception {
        Http.await(
                "the worker is not ready",
                () ->
                        Http.get(fleet.worker().resolve("/actuator/health/readiness")).statusCode()
                                == 503);
        Http.await("the gateway sees it", () -> Http.workers(gateway(), "ready") == 0);
        stub.comeBack();
        awaitReady();
    }

    /** Waits until the gateway sends the worker requests. */
    void awaitReady() throws Exception {
        Http.awaitReady(fleet.worker());
        Http.await("the gateway sees it", () -> Http.workers(gateway(), "ready") == 1);
    }

    @Override
    public void close() {
        fleet.close();
        stub.close();
    }
}
