package dev.weft.system;

import java.net.URI;
import java.nio.file.Path;

/**
 * A fleet whose engine is a stub of vLLM with the sample: two adapters in its batch, two more that
 * it holds.
 */
final class RelayFleet implements AutoCloseable {
    final VllmStub stub;
    final Fleet fleet;

    private RelayFleet(VllmStub stub, Fleet fleet) {
        this.stub = stub;
        this.fleet = fleet;
    }

    static RelayFleet start(Path folder, VllmStub.Errors errors, int slots, int held)
            throws Exception {
        VllmStub stub = VllmStub.start(errors, held, folder.resolve("stub"));
        try {
            return new RelayFleet(
                    stub, fleet(folder.resolve("fleet"), stub.address(), slots, held));
        } catch (Exception e) {
            stub.close();
            throw e;
        }
    }

    static Fleet fleet(Path folder, URI server, int slots, int held) throws Exception {
        return Fleet.start(
                Sample.deploymentFile(),
                folder,
                "weft.engine=vllm",
                "weft.relay.url=" + server,
                "weft.relay.max-cpu-loras=" + held,
                "weft.relay.start-timeout=20s",
                "weft.inference.max-loras=" + slots);
    }

    URI gateway() {
        return fleet.gateway();
    }

    @Override
    public void close() {
        fleet.close();
        stub.close();
    }
}
