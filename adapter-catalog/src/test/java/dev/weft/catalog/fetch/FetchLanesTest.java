package dev.weft.catalog.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FetchLanesTest {
    private final FetchLanes lanes = new FetchLanes();

    @Test
    void aPlaceIsForgottenWhenNobodyFetchesFromIt() throws Exception {
        int within =
                lanes.take(
                        "a",
                        from("one.example"),
                        () ->
                                lanes.take(
                                        "b",
                                        from("one.example"),
                                        () -> lanes.take("a", from("two.example"), lanes::used)));
        assertThat(within).isEqualTo(2);
        assertThat(lanes.used()).isZero();
    }

    @Test
    void alsoAfterAFetchThatFailed() {
        assertThatThrownBy(() -> lanes.take("a", from("one.example"), FetchLanesTest::broken))
                .hasMessage("broken");
        assertThat(lanes.used()).isZero();
    }

    /** A fetch that comes while another one goes on shares its lane. */
    @Test
    void aPlaceThatIsStillUsedIsKept() throws Exception {
        int left =
                lanes.take(
                        "a",
                        from("one.example"),
                        () -> {
                            lanes.take("b", from("one.example"), () -> "done");
                            return lanes.used();
                        });
        assertThat(left).isEqualTo(1);
    }

    private static String broken() throws IOException {
        throw new IOException("broken");
    }

    private static RepositoryRef from(String host) {
        return new RepositoryRef(
                RepositorySource.REMOTE_URL, "https://" + host + "/adapter.tar.gz", null);
    }
}
