package dev.weft.catalog.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RoomForAll;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.claim.IngestLedger;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Versions of adapters that are Ready, without their files. */
public final class ReadyVersions {
    private final Clock clock;
    private final IngestLedger ledger;
    final Registry adapters;

    public ReadyVersions(Database database, Clock clock) {
        this.clock = clock;
        this.adapters =
                new Registry(database, new AliasedNames(), clock, () -> {}, RoomForAll.ROOM);
        this.ledger = new IngestLedger(database, new AliasedNames(), "one", clock, () -> {});
    }

    /**
     * Adds the next version of an adapter of the default tenant.
     *
     * @param digit of which its digest is made
     */
    public void publish(String name, char digit) {
        long id =
                adapters.register(
                                new Actor("anna"),
                                AdapterId.of(name),
                                new RepositoryRef(RepositorySource.FILE, "/adapters", null))
                        .id();
        ledger.fetching(id);
        ledger.validating(id, null);
        ledger.converting(id);
        var facts = new LoraFacts(8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 64);
        var digest = new AdapterDigest(String.valueOf(digit).repeat(64));
        assertThat(ledger.publish(id, new Content(digest, facts, clock.instant()), List.of()))
                .isPresent();
    }

    public void disable(String name) {
        adapters.disable(new Actor("anna"), AdapterId.of(name));
    }

    /** Times around that many milliseconds. */
    public static Times times(int count, int millis) {
        var counts = new TreeMap<Integer, Long>();
        for (int i = 0; i < count; i++) {
            counts.merge(Times.bucket((millis + i % 10) * 1_000_000L), 1L, Long::sum);
        }
        return new Times(counts);
    }
}
