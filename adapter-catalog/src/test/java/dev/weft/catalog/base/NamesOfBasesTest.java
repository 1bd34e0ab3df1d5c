package dev.weft.catalog.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.EngineSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that a base and what owners register never have the same name. */
class NamesOfBasesTest {
    private static final Actor ANNA = new Actor("anna");
    private static final RepositoryRef FOLDER =
            new RepositoryRef(RepositorySource.FILE, "/models", null);

    @TempDir private Path data;
    @AutoClose private Database database;
    private Registry registry;

    @BeforeEach
    void open() {
        database = Databases.open(null, data);
        registry =
                new Registry(
                        database, new AliasedNames(), Clock.systemUTC(), () -> {}, RoomForAll.ROOM);
    }

    @Test
    void anAdapterThatWantsABasesNameBeforeThatIsCommittedIsRefused() throws Exception {
        AtomicReference<Future<Boolean>> adapter = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Bases bases =
                    new Bases(
                            database,
                            Clock.systemUTC(),
                            _ -> {
                                Future<Boolean> meanwhile =
                                        threads.submit(() -> isRegistered("twin"));
                                adapter.set(meanwhile);
                                awaitForASecond(meanwhile);
                            },
                            () -> {});
            bases.add(ANNA, facts("twin"));
            assertThat(adapter.get().get(60, TimeUnit.SECONDS)).isFalse();
            assertThat(bases.find("twin")).isPresent();
        }
        assertThatThrownBy(() -> registry.find(AdapterId.of("twin")))
                .isInstanceOf(NotFoundException.class);
    }

    /** It may have to wait for the transaction that waits here. */
    private static void awaitForASecond(Future<Boolean> other) {
        try {
            other.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // it waits
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRegistered(String name) {
        try {
            registry.register(ANNA, AdapterId.of(name), FOLDER);
            return true;
        } catch (BadRequestException e) {
            assertThat(e).hasMessageContaining("names other than the base's");
            return false;
        }
    }

    private static Base.Facts facts(String name) {
        return new Base.Facts(name, FOLDER, 8, EngineSettings.Choice.CPU, Set.of());
    }
}
