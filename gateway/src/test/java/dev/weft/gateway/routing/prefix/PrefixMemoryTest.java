package dev.weft.gateway.routing.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrefixMemoryTest {
    private static final URI ONE = URI.create("http://10.0.0.1:8082");
    private static final URI TWO = URI.create("http://10.0.0.2:8082");

    private final PrefixMemory memory = new PrefixMemory();

    private static PrefixChain chain(String body) {
        return PrefixChain.of(
                "t", new Target.Base("base"), body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String pieces(String letter, int count) {
        return letter.repeat(count * PrefixChain.PIECE);
    }

    @Test
    void saysHowMuchOfABeginningEachWorkerHasSeen() {
        memory.keep(chain(pieces("a", 2) + pieces("b", 2)), ONE);
        assertThat(memory.seen(chain(pieces("a", 5)))).isEqualTo(Map.of(ONE, 2));
        assertThat(memory.seen(chain(pieces("b", 5)))).isEmpty();
        assertThat(memory.seen(PrefixChain.NONE)).isEmpty();
    }

    /** The second one begins alike, so its worker was the last one to be given that. */
    @Test
    void theWorkerThatWasGivenABeginningLastCountsForIt() {
        memory.keep(chain(pieces("a", 4)), ONE);
        memory.keep(chain(pieces("a", 2) + pieces("b", 2)), TWO);
        assertThat(memory.seen(chain(pieces("a", 4)))).isEqualTo(Map.of(ONE, 4, TWO, 2));
        assertThat(memory.seen(chain(pieces("a", 2) + pieces("b", 1)))).isEqualTo(Map.of(TWO, 3));
    }
}
