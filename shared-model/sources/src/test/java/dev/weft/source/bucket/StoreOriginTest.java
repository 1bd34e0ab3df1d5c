package dev.weft.source.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.StoreObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StoreOriginTest {
    private final List<String> listed = new ArrayList<>();
    private final List<String> objects = new ArrayList<>();

    /** Its listing may be as long as a bucket is large. */
    @Test
    void doesNotListAPlaceThatHoldsNoRepository() throws Exception {
        objects.add("1.jpg");
        SourceException e =
                catchThrowableOfType(
                        SourceException.class, () -> origin(FileSelection.ADAPTER).list());
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("adapter_config.json");
        assertThat(listed).isEmpty();

        objects.add("adapter_model.safetensors");
        assertThat(origin(FileSelection.ADAPTER).list().file("adapter_model.safetensors"))
                .isPresent();
        assertThat(listed).containsExactly("", "1_Pooling/");
    }

    private StoreOrigin origin(FileSelection selection) {
        return new StoreOrigin(
                new RepositoryRef(RepositorySource.S3, "models", null),
                ObjectAddress.parse(RepositorySource.S3, "models").orElseThrow(),
                new Store(),
                selection);
    }

    private static StoreObject object(String name) {
        return new StoreObject(name, 1, "etag", "", Optional.empty());
    }

    /** Holds objects of its root. */
    private final class Store implements ObjectStore {
        @Override
        public List<StoreObject> list(String folder, boolean recursive) {
            listed.add(folder);
            return folder.isEmpty()
                    ? objects.stream().map(StoreOriginTest::object).toList()
                    : List.of();
        }

        @Override
        public Optional<StoreObject> stat(String name) {
            return objects.contains(name) ? Optional.of(object(name)) : Optional.empty();
        }

        @Override
        public CompletableFuture<byte[]> read(String name, long from, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] await(CompletableFuture<byte[]> piece, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String name, byte[] content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String name, Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
