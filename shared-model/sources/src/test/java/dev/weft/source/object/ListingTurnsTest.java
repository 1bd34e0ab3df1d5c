package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.source.object.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ListingTurnsTest {
    private static final String ROOT = "s3://large/";
    private static final String OTHER = "s3://other/";

    private final ListingTurns turns = new ListingTurns(2);

    @Test
    void aStoreIsNotListedAgainWhileAListingThatWasLeftGoesOn() throws Exception {
        CompletableFuture<String> left = begin(ROOT);
        turns.left(ROOT, left);

        assertThatThrownBy(() -> begin(ROOT))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
                .hasMessageContaining("has not ended yet");
        turns.left(OTHER, begin(OTHER));
        left.complete("");

        assertThat(begin(ROOT)).isNotDone();
    }

    @Test
    void whatWasLeftKeepsItsPlaceAmongAll() throws Exception {
        CompletableFuture<String> first = begin(ROOT);
        turns.left(ROOT, first);
        turns.left(OTHER, begin(OTHER));

        assertThatThrownBy(() -> begin("s3://third/")).hasMessageContaining("other listings");
        first.completeExceptionally(new IllegalStateException("the store is away"));

        assertThat(begin("s3://third/")).isNotDone();
    }

    @Test
    void aListingThatCannotBeginTakesNoPlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                            turns.begin(
                                    ROOT,
                                    Duration.ZERO,
                                    () -> {
                                        throw new IllegalStateException("no");
                                    }))
                    .hasMessage("no");
        }
        assertThat(begin(ROOT)).isNotDone();
    }

    private CompletableFuture<String> begin(String address) throws Exception {
        return turns.begin(address, Duration.ZERO, CompletableFuture::new);
    }
}
