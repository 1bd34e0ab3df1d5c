package dev.weft.source;

import static dev.weft.source.HubFake.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The heads of a checkpoint's files, which have megabytes behind them. */
class HeadsTest extends HubTest {
    private static final String HEADER = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}";

    private static byte[] shard(long said, int behind) {
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        byte[] weights = new byte[behind];
        new Random(3).nextBytes(weights);
        return ByteBuffer.allocate(Long.BYTES + header.length + behind)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(said)
                .put(header)
                .put(weights)
                .array();
    }

    private Fetched heads() throws SourceException {
        return new Repositories(settings(null), Clock.systemUTC())
                .fetch(ref("main"), FileSelection.HEADS, target(), FetchListener.NONE);
    }

    @Test
    void bringsTheHeaderAndNothingBehindIt() throws Exception {
        int length = HEADER.length();
        hub.file(COMMIT, WEIGHTS, shard(length, 0))
                .file(COMMIT, "model-1.safetensors", shard(length, 5_000_000))
                .file(COMMIT, "model-2.safetensors", shard(length, 0))
                .file(COMMIT, "consolidated.safetensors", shard(length, 0));
        Fetched fetched = heads();
        assertThat(fetched.files())
                .containsExactly(
                        WEIGHTS + ".head", "model-1.safetensors.head", "model-2.safetensors.head");
        assertThat(target().resolve("model-1.safetensors.head"))
                .hasSize(Long.BYTES + length)
                .content()
                .endsWith(HEADER);
        hub.forget();
        heads();
        assertThat(hub.seen()).hasSize(1); // the commit; the heads are here
    }

    @Test
    void aHeaderThatIsTooLongIsRefused() throws IOException {
        hub.file(COMMIT, WEIGHTS, shard(1L << 40, 100));
        assertThatThrownBy(this::heads)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("a header of");
    }

    @Test
    void aFolderOfThisMachineIsTakenAsItIs() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        Files.write(whole.resolve("model.safetensors"), shard(HEADER.length(), 10));
        Fetched fetched =
                new Repositories(settings(null), Clock.systemUTC())
                        .fetch(
                                new RepositoryRef(RepositorySource.FILE, whole.toString(), null),
                                FileSelection.HEADS,
                                target(),
                                FetchListener.NONE);
        assertThat(fetched.folder()).isEqualTo(whole);
    }
}
