package dev.weft.source.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.download.Listing;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.StoreException;
import dev.weft.source.object.StoreObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreOriginTest {
    private final List<String> listed = new ArrayList<>();
    private final List<String> objects = new ArrayList<>();
    private boolean denied;
    private boolean pooled;

    /** Its listing may be as long as a bucket is large. */
    @Test
    void doesNotListAPlaceThatHoldsNoRepository() throws Exception {
        objects.add("1.jpg");
        SourceException e =
                catchThrowableOfType(
                        SourceException.class, () -> origin(FileSelection.ADAPTER).list());
        assertThat(e.fault()).isEqualTo(SourceFault.NOT_FOUND);
        assertThat(e).hasMessageContaining("adapter_config.json").hasMessageContaining("NoSuchKey");
        assertThat(listed).isEmpty();

        objects.add("adapter_model.safetensors");
        assertThat(origin(FileSelection.ADAPTER).list().file("adapter_model.safetensors"))
                .isPresent();
        assertThat(listed).containsExactly("", "1_Pooling/");
    }

    /** A store that lists under a prefix alone denies a look at what isn't there. */
    @Test
    void aDeniedLookHidesNoOtherObject() throws Exception {
        denied = true;
        objects.add("model.lora_config.npy");
        assertThat(origin(FileSelection.ADAPTER).list().file("model.lora_config.npy")).isPresent();
    }

    /** An earlier catalog hashed the files of the root alone. */
    @Test
    void aPinOfBeforeFoldersWereListedHolds() throws Exception {
        objects.add("config.json");
        String before = origin(FileSelection.CHECKPOINT).list().commit();
        pooled = true;
        String now = origin(FileSelection.CHECKPOINT).list().commit();
        assertThat(now).isNotEqualTo(before);
        for (String pin : List.of(before, now)) {
            Listing listing = origin(FileSelection.CHECKPOINT, pin).list();
            assertThat(listing.commit()).isEqualTo(pin);
            assertThat(listing.file("1_Pooling/config.json")).isPresent();
        }
    }

    private StoreOrigin origin(FileSelection selection) {
        return origin(selection, null);
    }

    private StoreOrigin origin(FileSelection selection, @Nullable String pin) {
        return new StoreOrigin(
                new RepositoryRef(RepositorySource.S3, "models", pin),
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
            if (folder.isEmpty()) {
                return objects.stream().map(StoreOriginTest::object).toList();
            }
            return pooled ? List.of(object(folder + "config.json")) : List.of();
        }

        @Override
        public Optional<StoreObject> stat(String name) throws StoreException {
            if (objects.contains(name)) {
                return Optional.of(object(name));
            }
            if (denied) {
                throw new StoreException(StoreException.Kind.DENIED, "403");
            }
            return Optional.empty();
        }

        @Override
        public CompletableFuture<byte[]> read(String name, long from, int length)
                throws StoreException {
            throw new StoreException(StoreException.Kind.NOT_FOUND, "404 NoSuchKey");
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
