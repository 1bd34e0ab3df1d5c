package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FetchTargetsTest {
    private static final Fetched FETCHED = new Fetched(Path.of("/one"), "", List.of());

    private final FetchTargets targets = new FetchTargets();

    @Test
    void aFolderIsForgottenWhenNoFetchUsesIt() throws Exception {
        Fetched fetched =
                targets.alone(
                        into("/one"),
                        () -> {
                            targets.alone(into("/two"), () -> FETCHED);
                            assertThat(targets.used()).isEqualTo(1);
                            return FETCHED;
                        });
        assertThat(fetched).isEqualTo(FETCHED);
        assertThat(targets.used()).isZero();
    }

    @Test
    void alsoAfterAFetchThatFailed() {
        assertThatThrownBy(() -> targets.alone(into("/one"), FetchTargetsTest::missing))
                .hasMessage("missing");
        assertThat(targets.used()).isZero();
    }

    private static Fetched missing() throws SourceException {
        throw new SourceException(SourceFault.NOT_FOUND, "missing");
    }

    private static FetchContext into(String folder) {
        RepositoryRef ref = new RepositoryRef(RepositorySource.HF, "owner/name", null);
        return new FetchContext(
                ref,
                FileSelection.ADAPTER,
                Path.of(folder),
                FetchListener.NONE,
                new FetchAttempts(SourceConfiguration.fromEnvironment(Map.of()).attempts(), ref));
    }
}
