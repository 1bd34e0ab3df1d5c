package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.feed.CatalogEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How versions and names are withdrawn and listed, on every database. */
@OnEachDatabase
class WithdrawalsTest extends StoreFixture {
    WithdrawalsTest(EmptyDatabases databases) {
        super(databases);
    }

    @Test
    void disablingWithdrawsAndEnablingPublishesAgain() {
        publish(SQL, 'a');
        long start = log.position();

        assertThat(registry.disable(Actor.ANONYMOUS, SQL).versions().getFirst().lifecycle().state())
                .isEqualTo(VersionState.Disabled);
        assertThat(snapshot().entries()).isEmpty();
        registry.disable(Actor.ANONYMOUS, SQL);
        assertThat(registry.enable(Actor.ANONYMOUS, SQL).versions().getFirst().lifecycle().state())
                .isEqualTo(VersionState.Ready);
        registry.enable(Actor.ANONYMOUS, SQL);
        assertThat(events(start))
                .containsExactly(
                        new CatalogEvent.Withdrawn(start + 1, SQL),
                        new CatalogEvent.Published(start + 2, entry(SQL, 'a')));
    }

    @Test
    void whatIsNotReadyCanNeitherBeDisabledNorEnabled() {
        long id = registry.register(Actor.ANONYMOUS, SQL, HUB).id();
        assertThatThrownBy(() -> registry.disable(Actor.ANONYMOUS, SQL))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is Registered; allowed are Ready and Disabled");
        ledger.reject(id, List.of(REASON));
        assertThatThrownBy(() -> registry.enable(Actor.ANONYMOUS, SQL))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is Rejected");
    }

    @Test
    void removingRetiresWithdrawsAndFreesTheName() {
        long old = publish(SQL, 'a');
        long underWay = converting(SQL);
        long start = log.position();
        registry.remove(Actor.ANONYMOUS, SQL);

        assertThatThrownBy(() -> registry.find(SQL)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> registry.remove(Actor.ANONYMOUS, SQL))
                .isInstanceOf(NotFoundException.class);
        assertThat(state(old)).isEqualTo(VersionState.Retired);
        assertThat(state(underWay)).isEqualTo(VersionState.Rejected);
        assertThat(ledger.publish(underWay, content('b'), List.of())).isEmpty();
        assertThat(events(start)).containsExactly(new CatalogEvent.Withdrawn(start + 1, SQL));
        publish(SQL, 'a');
        assertThat(states(SQL)).containsExactly(VersionState.Ready);
    }

    @Test
    void removingADisabledNameSaysNothingTwice() {
        publish(SQL, 'a');
        registry.disable(Actor.ANONYMOUS, SQL);
        long start = log.position();
        registry.remove(Actor.ANONYMOUS, SQL);

        assertThat(events(start)).isEmpty();
    }

    @Test
    void pagesFollowEachOtherInTheOrderOfBytes() {
        List<String> names = List.of("Zeta", "a-b", "a/b", "ab", "b");
        names.reversed()
                .forEach(name -> registry.register(Actor.ANONYMOUS, AdapterId.of(name), HUB));

        AdapterPage first = registry.list(AdapterId.DEFAULT_TENANT, "", 2);
        AdapterPage second = registry.list(AdapterId.DEFAULT_TENANT, "a-b", 2);
        AdapterPage third = registry.list(AdapterId.DEFAULT_TENANT, "ab", 2);
        assertThat(List.of(first, second, third))
                .flatExtracting(AdapterPage::items)
                .extracting(adapter -> adapter.id().name())
                .containsExactlyElementsOf(names);
        assertThat(first.more()).isTrue();
        assertThat(third.more()).isFalse();
    }
}
