package dev.weft.inference.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.CatalogView;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AdapterLabelsTest {
    private final CatalogView names = new CatalogView();
    private final AdapterLabels labels = new AdapterLabels(names, "acme/llm");
    private long sequence;

    @Test
    void aNameHasItsTenantOutsideOfTheDefaultOneAndWhereItMeansSomethingElse() {
        assertThat(labels.of(null)).isEqualTo("acme/llm");
        assertThat(labels.of(publish("default", "sql"))).isEqualTo("sql");
        assertThat(labels.of(publish("acme", "sql"))).isEqualTo("acme/sql");
        assertThat(labels.of(publish("default", "other"))).isEqualTo("default/other");
        assertThat(labels.of(publish("default", "acme/llm"))).isEqualTo("default/acme/llm");
        assertThat(labels.of(publish("acme", "llm"))).isEqualTo("acme:llm");
    }

    @Test
    void noTwoAdaptersHaveOneLabel() {
        AdapterDigest theirs = publish("acme", "sql");
        assertThat(labels.of(theirs)).isEqualTo("acme/sql");
        AdapterDigest ours = publish("default", "acme/sql");
        assertThat(labels.of(ours)).isEqualTo("acme/sql");
        assertThat(labels.all(theirs)).containsExactly("acme:sql");
        names.apply(new CatalogEvent.Withdrawn(++sequence, AdapterId.of("acme/sql"), null));
        assertThat(labels.of(theirs)).isEqualTo("acme/sql");

        AdapterDigest shortTenant = publish("a", "b/c");
        AdapterDigest longTenant = publish("a/b", "c");
        assertThat(labels.own(shortTenant)).containsExactly("a/b/c");
        assertThat(labels.own(longTenant)).containsExactly("a/b:c");
    }

    /** One with a label that isn't the plain one takes it from nobody. */
    @Test
    void aNameThatIsWrittenOtherwiseTakesNoLabel() {
        publish("default", "acme/llm"); // written default/acme/llm
        assertThat(labels.of(publish("default/acme", "llm"))).isEqualTo("default/acme:llm");
        publish("default", "b"); // written b
        assertThat(labels.of(publish("default", "default/b"))).isEqualTo("default/b");
    }

    private AdapterDigest publish(String tenant, String name) {
        sequence++;
        AdapterDigest digest = AdapterDigest.parse("sha256:" + "%064x".formatted(sequence));
        LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
        AdapterId id = new AdapterId(tenant, name);
        names.apply(
                new CatalogEvent.Published(
                        sequence, new CatalogEntry(id, digest, facts, "root", Instant.EPOCH)));
        return digest;
    }
}
