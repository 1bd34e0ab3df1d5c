package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import dev.weft.access.key.TokenHash;
import dev.weft.catalog.alias.AliasedNames;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.base.Base;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.database.RefusedValueException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.version.Version;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.service.settings.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of a registration, on every database. */
@OnEachDatabase
class RegistrationsTest extends StoreFixture {
    RegistrationsTest(EmptyDatabases databases) {
        super(databases);
    }

    @Test
    void aRegistrationIsThereWithWhatWasAsked() {
        Version version = registry.register(Actor.ANONYMOUS, SQL, HUB);

        assertThat(version.lifecycle().state()).isEqualTo(VersionState.Registered);
        assertThat(version.origin().repository()).isEqualTo(HUB);
        assertThat(version.times().created()).isEqualTo(NOW);
        assertThat(registry.find(SQL).versions()).containsExactly(version);
        assertThat(ledger.unfinished()).containsExactly(version);
        assertThat(
                        registry.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER)
                                .origin()
                                .repository())
                .isEqualTo(FOLDER);
    }

    @Test
    void aTenantHasSoManyAdaptersAndOthersTheirs() {
        Registry small =
                new Registry(
                        database,
                        new AliasedNames(),
                        CLOCK,
                        () -> {},
                        new TenantRoom("adapters", 2, "the.setting"));
        small.register(Actor.ANONYMOUS, SQL, HUB);
        small.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER);
        AdapterId third = AdapterId.of("c");
        assertThatThrownBy(() -> small.register(Actor.ANONYMOUS, third, HUB))
                .isInstanceOf(ConflictException.class)
                .hasMessage("tenant 'default' has 2 adapters: the.setting allows 2");
        assertThatThrownBy(() -> small.find(third)).isInstanceOf(NotFoundException.class);
        small.register(Actor.ANONYMOUS, SQL, FOLDER);
        small.register(Actor.ANONYMOUS, new AdapterId("other", "c"), HUB);
    }

    @Test
    void anAdapterThatWasRemovedLeavesItsRoom() {
        Registry small =
                new Registry(
                        database,
                        new AliasedNames(),
                        CLOCK,
                        () -> {},
                        new TenantRoom("adapters", 1, "the.setting"));
        for (int i = 0; i < 3; i++) {
            small.register(Actor.ANONYMOUS, SQL, HUB);
            small.remove(Actor.ANONYMOUS, SQL);
        }
        small.register(Actor.ANONYMOUS, AdapterId.of("b"), FOLDER);
        assertThatThrownBy(() -> small.register(Actor.ANONYMOUS, SQL, HUB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("has 1 adapters");
    }

    @Test
    void aValueThatTheDatabaseDoesNotHoldIsNoOutage() {
        assertThatThrownBy(() ->
                        database.transaction(tx ->
                                tx.sql("SELECT CAST(:text AS INTEGER)")
                                        .param("text", "x")
                                        .query(Integer.class)
                                        .single()))
                .isInstanceOf(RefusedValueException.class)
                .hasMessageNotContaining("SELECT");
    }

    @Test
    void aVersionGoesItsWayAndIsPublished() {
        long start = log.position();
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThat(ledger.fetching(id)).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Fetching);
        assertThat(ledger.validating(id, "c0ffee")).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Validating);
        assertThat(ledger.converting(id)).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Converting);
        Version ready = ledger.publish(id, content('a'), List.of(WARNING)).orElseThrow();

        assertThat(ready.lifecycle().state()).isEqualTo(VersionState.Ready);
        assertThat(ready.content()).contains(content('a'));
        assertThat(ready.findings().warnings()).containsExactly(WARNING);
        assertThat(ready.origin().resolved()).isEqualTo("c0ffee");
        assertThat(ledger.unfinished()).isEmpty();
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)),
                        new CatalogEvent.Published(start + 2, entry(SQL, 'a')));
        assertThat(snapshot())
                .isEqualTo(new CatalogEvent.Snapshot(start + 2, List.of(entry(SQL, 'a'))));
    }

    @Test
    void aNameIsComingWhileItLeadsToNothingAndAVersionIsMadeReady() {
        long start = log.position();
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        long second = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        assertThat(events(start))
                .containsExactly(new CatalogEvent.Withdrawn(start + 1, new ComingName(SQL)));
        assertThat(log.names().coming()).containsExactly(new ComingName(SQL));

        assertThat(ledger.reject(first, List.of(WARNING))).isTrue();
        assertThat(log.names().coming()).containsExactly(new ComingName(SQL));
        assertThat(ledger.reject(second, List.of(WARNING))).isTrue();
        assertThat(log.names().coming()).isEmpty();
        assertThat(events(start + 1)).containsExactly(new CatalogEvent.Withdrawn(start + 2, SQL));

        registry.register(Actor.ANONYMOUS, SQL, HUB);
        registry.remove(Actor.ANONYMOUS, SQL);
        assertThat(events(start + 2))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 3, new ComingName(SQL)),
                        new CatalogEvent.Withdrawn(start + 4, SQL));
        assertThat(log.names().coming()).isEmpty();
    }

    @Test
    void aNameIsComingWithItsBase() {
        Bases bases = new Bases(database, CLOCK, EventTable::basesChanged, () -> {});
        bases.declare(List.of(new Base.Facts("b", FOLDER, 8, EngineSettings.Choice.CPU, Set.of())));
        long base = bases.find("b").orElseThrow().id();
        ComingName coming = new ComingName(SQL, base);
        long start = log.position();
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB, base).id();
        assertThat(events(start)).containsExactly(new CatalogEvent.Withdrawn(start + 1, coming));
        assertThat(log.names().coming()).containsExactly(coming);

        assertThat(ledger.reject(first, List.of(WARNING))).isTrue();
        registry.register(Actor.ANONYMOUS, SQL, FOLDER);
        assertThat(events(start + 2))
                .containsExactly(new CatalogEvent.Withdrawn(start + 3, coming));
    }

    @Test
    void aNameThatLeadsToAVersionIsNotComing() {
        publish(SQL, 'a');
        long start = log.position();
        long next = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        assertThat(log.names().coming()).isEmpty();
        assertThat(ledger.reject(next, List.of(WARNING))).isTrue();
        assertThat(events(start)).isEmpty();
    }

    @Test
    void aTokenThatIsTakenBackOrEndsSoonerIsToldByTheFeedInItsTurn() {
        AtomicInteger wakes = new AtomicInteger();
        Tokens tokens = new Tokens(database, CLOCK, wakes::incrementAndGet);
        Tokens.Made made =
                tokens.create(Actor.ANONYMOUS, "app", Role.client, "acme", KeyLimits.NONE, null);
        long start = log.position();

        tokens.rotate(Actor.ANONYMOUS, made.token().id(), Duration.ofHours(1));
        tokens.revoke(Actor.ANONYMOUS, made.token().id());

        String hash = TokenHash.of(made.secret());
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.TokenChanged(start + 1, hash),
                        new CatalogEvent.TokenChanged(start + 2, hash));
        assertThat(wakes).hasValue(2);
        assertThat(log.names().sequence()).isEqualTo(start + 2);
        assertThat(snapshot()).isEqualTo(new CatalogEvent.Snapshot(start + 2, List.of()));
    }

    @Test
    void stepsThatWereMadeBeforeARestartCountAsMade() {
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.fetching(id);
        ledger.validating(id, "c0ffee");
        ledger.converting(id);

        assertThat(ledger.fetching(id)).isTrue();
        assertThat(ledger.validating(id, "c0ffee")).isTrue();
        assertThat(state(id)).isEqualTo(VersionState.Converting);
    }

    @Test
    void aRejectedVersionKeepsEveryReasonAndTheNameGoesOnAsItWas() {
        publish(SQL, 'a');
        long start = log.position();
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.fetching(id);
        assertThat(ledger.reject(id, List.of(REASON, WARNING))).isTrue();

        assertThat(registry.version(id).reasons()).containsExactly(REASON, WARNING);
        assertThat(states(SQL)).containsExactly(VersionState.Rejected, VersionState.Ready);
        assertThat(events(start)).isEmpty();
        assertThat(ledger.reject(id, List.of(REASON))).isFalse();
        assertThat(ledger.publish(id, content('b'), List.of())).isEmpty();
    }

    @Test
    void aRetryTakesThePlaceOfTheRejectedOne() {
        long first = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        ledger.reject(first, List.of(REASON));
        long other = registry.register(Actor.ANONYMOUS, SQL, FOLDER).id();
        ledger.reject(other, List.of(REASON));
        long second = registry.register(Actor.ANONYMOUS, SQL, HUB).id();

        assertThat(registry.find(SQL).versions())
                .extracting(Version::id)
                .containsExactly(second, other);
        assertThat(registry.version(first).id()).isEqualTo(second);
    }
}
