package dev.weft.inference.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.Owner;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefixSharingTest {
    private static final AdapterDigest SQL = new AdapterDigest("1".repeat(64));
    private static final AdapterDigest OTHER = new AdapterDigest("2".repeat(64));

    private final CatalogView catalog = new CatalogView();

    PrefixSharingTest() {
        catalog.apply(
                new CatalogEvent.Snapshot(
                        1,
                        List.of(
                                entry("acme", "copy", SQL, Audience.NOBODY),
                                entry("acme", "sql", OTHER, Audience.EVERYONE),
                                entry("default", "sql", SQL, Audience.EVERYONE))));
    }

    @Test
    void eachTenantKeepsToItselfWhereNothingIsSaid() {
        assertThat(owner(List.of("tenant"), "acme", "base", null))
                .isEqualTo(new Owner("acme", "acme"));
        assertThat(owner(List.of("tenant"), "default", "sql", SQL))
                .isEqualTo(new Owner("default", "default"));
    }

    @Test
    void allShareWhereTheOperatorSaysSo() {
        assertThat(owner(List.of("all"), "acme", "base", null)).isEqualTo(new Owner("acme", ""));
        assertThat(owner(List.of("all"), "acme", "copy", SQL)).isEqualTo(new Owner("acme", ""));
    }

    @Test
    void whatIsPublicIsSharedUnderTheNameThatIsPublic() {
        List<String> models = List.of("sql", "base");
        assertThat(owner(models, "acme", "base", null).prefixes()).isEmpty();
        assertThat(owner(models, "default", "sql", SQL).prefixes()).isEmpty();
        assertThat(owner(models, "acme", "default/sql", SQL).prefixes()).isEmpty();
        assertThat(owner(models, "default", SQL.toString(), SQL).prefixes()).isEmpty();
        // the same content, under a name that nobody declared public
        assertThat(owner(models, "acme", "copy", SQL).prefixes()).isEqualTo("acme");
        // an adapter of another tenant that has the name of a public one
        assertThat(owner(models, "acme", "sql", OTHER).prefixes()).isEqualTo("acme");
        assertThat(owner(models, "ben", "acme/sql", OTHER).prefixes()).isEqualTo("ben");
        assertThat(owner(List.of("acme/sql"), "ben", "acme/sql", OTHER).prefixes()).isEmpty();
    }

    @Test
    void aNameThatLeadsElsewhereOrNowhereSharesNothing() {
        assertThat(owner(List.of("sql"), "default", "sql", OTHER).prefixes()).isEqualTo("default");
        assertThat(owner(List.of("sql"), "default", "gone", SQL).prefixes()).isEqualTo("default");
    }

    private Owner owner(
            List<String> models, String tenant, String model, @Nullable AdapterDigest adapter) {
        return new PrefixSharing(models, "base", catalog)
                .owner(tenant, new ResolvedModel(model, adapter));
    }

    private static CatalogEntry entry(
            String tenant, String name, AdapterDigest digest, Audience audience) {
        LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
        AdapterId id = new AdapterId(tenant, name);
        return new CatalogEntry(
                id,
                List.of(
                        new Share(
                                new ServedVersion(id, 1, digest, facts, "root", Instant.EPOCH), 1)),
                audience);
    }
}
