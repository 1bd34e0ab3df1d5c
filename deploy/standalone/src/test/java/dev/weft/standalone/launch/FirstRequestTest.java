package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import dev.weft.standalone.failure.CommandException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class FirstRequestTest {
    private static final Duration DEADLINE = Duration.ofMillis(500);

    @AutoClose
    private final FakeHttp gateway =
            new FakeHttp(request ->
                    Answer.json(
                            200,
                            request.line().startsWith("GET")
                                    ? "{\"data\":[{\"id\":\"base\"},{\"id\":\"a\"}]}"
                                    : "{}"));

    private List<String> await(List<String> bases, List<String> adapters) throws CommandException {
        return new FirstRequest(gateway.address(), LaunchTokens.of(false), HttpClient.newBuilder())
                .await(bases, adapters, DEADLINE);
    }

    /** Somebody may disable or remove one while others are fetched. */
    @Test
    void anAdapterThatIsNotListedAnyMoreEndsNothing() throws Exception {
        assertThat(await(List.of("base"), List.of("a"))).containsExactly("a");
        assertThat(await(List.of("base"), List.of("a", "gone"))).containsExactly("a");
        assertThat(gateway.requests())
                .filteredOn(request -> request.line().startsWith("POST"))
                .as("one for each wait")
                .hasSize(2);
    }

    @Test
    void aBaseThatIsNotListedIsAFailure() {
        assertThatThrownBy(() -> await(List.of("base", "other"), List.of()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("is not ready after");
    }
}
