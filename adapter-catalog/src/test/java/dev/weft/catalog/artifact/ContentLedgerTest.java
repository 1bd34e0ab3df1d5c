package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Actor ACTOR = Actor.CATALOG;
    private static final Reason REASON = new Reason("X", null, null, null, null, "why");

    @TempDir private Path data;

    @Test
    void artifactsAreNeededFromBeforeTheyAreStoredUntilNoVersionMayBeServedAgain() {
        try (Database database = Databases.open(null, data)) {
            Registry registry =
                    new Registry(database, new AliasedNames(), CLOCK, () -> {}, RoomForAll.ROOM);
            IngestLedger ledger =
                    new IngestLedger(database, new AliasedNames(), "one", CLOCK, () -> {});
            ContentLedger contents = new ContentLedger(database);
            long first = registry.register(ACTOR, AdapterId.of("a"), ref("1")).id();
            long second = registry.register(ACTOR, AdapterId.of("b"), ref("2")).id();
            assertThat(contents.needed()).isEmpty();

            assertThat(ledger.claim(first)).isTrue();
            assertThat(ledger.claim(second)).isTrue();
            contents.found(first, digest('1'), Map.of(LinearModule.Q, 2.5));
            contents.found(second, digest('2'), Map.of());

            assertThat(contents.needed()).containsExactlyInAnyOrder(digest('1'), digest('2'));
            ledger.reject(second, List.of(REASON));
            ledger.fetching(first);
            ledger.validating(first, null);
            ledger.converting(first);
            ledger.publish(first, content('1'), List.of());
            assertThat(contents.needed()).containsExactly(digest('1'));
            assertThat(registry.version(first).findings().effect())
                    .containsEntry(LinearModule.Q, 2.5);
            registry.disable(ACTOR, AdapterId.of("a"));
            assertThat(contents.needed()).as("it may be enabled again").hasSize(1);
            registry.remove(ACTOR, AdapterId.of("a"));
            assertThat(contents.needed()).isEmpty();
        }
    }

    private static RepositoryRef ref(String repo) {
        return new RepositoryRef(RepositorySource.HF, repo, null);
    }

    private static AdapterDigest digest(char digit) {
        return new AdapterDigest(String.valueOf(digit).repeat(64));
    }

    private static Content content(char digit) {
        LoraFacts facts =
                new LoraFacts(8, 16, false, new TreeSet<>(List.of(LinearModule.Q)), "F32", 1);
        return new Content(digest(digit), facts, NOW);
    }
}
