package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.answer.SampleAnswers;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample's answers through a relay whose server holds fewer adapters than are asked for: one in
 * its batch, two in all.
 */
class RelayAnswersTest extends SampleAnswers {
    @TempDir private static Path folder;
    private static RelayFleet<VllmStub> relay;

    @BeforeAll
    static void start() throws Exception {
        relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2);
    }

    /**
     * The server never held more than it has room for, so that it never read one again; its batch
     * never had more adapters than fit; adapters were loaded one at a time.
     */
    @AfterAll
    static void stop() {
        try {
            assertThat(relay.stub.adapters().most()).isEqualTo(2);
            assertThat(relay.stub.adapters().readAgain()).isZero();
            assertThat(relay.stub.adapters().mostRunning()).isEqualTo(1);
            assertThat(relay.stub.mostLoading()).isEqualTo(1);
        } finally {
            relay.close();
        }
    }

    /** Enough for hundreds of changes of adapters; the engine behind has answered the others. */
    @Override
    protected List<Sample.Prompt> prompts() {
        return super.prompts().subList(0, 50);
    }

    @Override
    protected URI gateway() {
        return relay.gateway();
    }
}
