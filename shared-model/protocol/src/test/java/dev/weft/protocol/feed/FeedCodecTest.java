package dev.weft.protocol.feed;

import static dev.weft.protocol.feed.Entries.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LoraFacts;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FeedCodecTest {
    @Test
    void everyKindOfEventComesBackAsItWas() {
        List<CatalogEvent> events =
                List.of(
                        new CatalogEvent.Snapshot(7, List.of(entry("sql", 1), entry("a/b.c", 2))),
                        new CatalogEvent.Snapshot(0, List.of()),
                        new CatalogEvent.Snapshot(
                                9,
                                List.of(new CatalogBase(2, "a \"b\"", "HF:o/n")),
                                List.of(),
                                Set.of()),
                        new CatalogEvent.BasesChanged(
                                9,
                                List.of(
                                        new CatalogBase(1, "qwen", "HF:org/qwen@1"),
                                        new CatalogBase(7, "llama", "FILE:/models/llama"))),
                        new CatalogEvent.BasesChanged(10, List.of()),
                        new CatalogEvent.Snapshot(
                                7,
                                List.of(),
                                List.of(entry("sql", 1)),
                                Set.of(
                                        new ComingName(AdapterId.of("a")),
                                        new ComingName(new AdapterId("team", "b")))),
                        new CatalogEvent.Published(8, entry("json", 3)),
                        new CatalogEvent.Withdrawn(9, new AdapterId("team", "sql")),
                        new CatalogEvent.Withdrawn(9, new ComingName(new AdapterId("team", "sql"))),
                        new CatalogEvent.Withdrawn(
                                9, new ComingName(new AdapterId("team", "sql"), 4)),
                        new CatalogEvent.Snapshot(
                                9,
                                List.of(),
                                List.of(),
                                Set.of(
                                        new ComingName(AdapterId.of("sql"), 4),
                                        new ComingName(AdapterId.of("json")))),
                        new CatalogEvent.TokenChanged(10, "ab".repeat(32)));

        for (CatalogEvent event : events) {
            assertThat(FeedCodec.decode(FeedCodec.eventName(event), FeedCodec.encode(event)))
                    .isEqualTo(event);
        }
    }

    @Test
    void writesTheAgreedJsonOnOneLine() {
        assertThat(FeedCodec.encode(new CatalogEvent.Published(8, entry("sql", 255))))
                .isEqualTo(
                        "{\"sequence\":8,\"entry\":{\"id\":{\"tenant\":\"default\",\"name\":\"sql\"},"
                            + "\"shares\":[{\"weight\":1,"
                            + "\"adapter\":{\"tenant\":\"default\",\"name\":\"sql\"},"
                            + "\"version\":1,\"digest\":\"sha256:"
                                + "0".repeat(62)
                                + "ff\",\"facts\":{\"rank\":8,\"alpha\":16.5,\"rsLora\":true,"
                                + "\"modules\":[\"q_proj\",\"down_proj\"],\"dtype\":\"BF16\","
                                + "\"parameters\":4096},\"root\":\"HF:weft/sql@0123\","
                                + "\"created\":\"2026-11-24T10:00:00Z\"}],\"sharedWith\":[]}}");
        assertThat(FeedCodec.encode(new CatalogEvent.Withdrawn(9, AdapterId.of("sql"))))
                .isEqualTo("{\"sequence\":9,\"id\":{\"tenant\":\"default\",\"name\":\"sql\"}}");
        assertThat(
                        FeedCodec.encode(
                                new CatalogEvent.Withdrawn(9, new ComingName(AdapterId.of("sql")))))
                .isEqualTo(
                        "{\"sequence\":9,\"id\":{\"tenant\":\"default\",\"name\":\"sql\"},"
                                + "\"coming\":true}");
        assertThat(
                        FeedCodec.encode(
                                new CatalogEvent.Withdrawn(
                                        9, new ComingName(AdapterId.of("sql"), 4))))
                .isEqualTo(
                        "{\"sequence\":9,\"id\":{\"tenant\":\"default\",\"name\":\"sql\"},"
                                + "\"coming\":true,\"base\":4}");
        assertThat(FeedCodec.encode(new CatalogEvent.Snapshot(7, List.of())))
                .isEqualTo("{\"sequence\":7,\"entries\":[]}");
        assertThat(
                        FeedCodec.encode(
                                new CatalogEvent.Snapshot(
                                        7,
                                        List.of(),
                                        List.of(),
                                        Set.of(new ComingName(AdapterId.of("sql"))))))
                .isEqualTo(
                        "{\"sequence\":7,\"coming\":[{\"tenant\":\"default\",\"name\":\"sql\"}],"
                                + "\"entries\":[]}");
    }

    @Test
    void aBaseOtherThanTheFirstIsTold() {
        CatalogEntry sql = entry("sql", 1);
        ServedVersion version = sql.main().orElseThrow();
        CatalogEvent published =
                new CatalogEvent.Published(
                        8,
                        new CatalogEntry(
                                sql.id(),
                                List.of(
                                        new Share(
                                                new ServedVersion(
                                                        version.adapter(),
                                                        1,
                                                        version.digest(),
                                                        version.facts(),
                                                        version.root(),
                                                        version.created(),
                                                        4),
                                                1)),
                                sql.audience()));
        String json = FeedCodec.encode(published);
        assertThat(json).contains("\"base\":4}");
        assertThat(FeedCodec.decode("published", json)).isEqualTo(published);
    }

    @Test
    void theRevisionOfAnAliasIsTold() {
        CatalogEntry sql = entry("sql", 1);
        CatalogEvent published =
                new CatalogEvent.Published(
                        8, new CatalogEntry(sql.id(), sql.shares(), sql.audience(), 5));
        String json = FeedCodec.encode(published);
        assertThat(json).endsWith("\"revision\":5}}");
        assertThat(FeedCodec.decode("published", json)).isEqualTo(published);
        assertThat(FeedCodec.encode(new CatalogEvent.Published(8, sql))).doesNotContain("revision");
    }

    @Test
    void aTaskOtherThanTextIsTold() {
        LoraFacts facts =
                new LoraFacts(
                        4, 4, false, new TreeSet<>(), "F32", 8, AdapterTask.FEATURE_EXTRACTION);
        CatalogEntry text = entry("vectors", 1);
        CatalogEvent vectors =
                new CatalogEvent.Published(
                        8,
                        new CatalogEntry(
                                text.id(), Entries.digest(1), facts, "HF:a/b", Entries.CREATED));

        String json = FeedCodec.encode(vectors);
        assertThat(json).contains("\"task\":\"FEATURE_EXTRACTION\"");
        assertThat(FeedCodec.decode("published", json)).isEqualTo(vectors);
    }

    @Test
    void aSnapshotWrittenInPiecesIsTheSame() {
        List<CatalogEntry> entries = List.of(entry("sql", 1), entry("json", 2));
        StringBuilder pieces = new StringBuilder(FeedCodec.snapshotHead(7, List.of(), Set.of()));
        pieces.append(new String(FeedCodec.encodeEntry(entries.get(0)), UTF_8)).append(',');
        pieces.append(new String(FeedCodec.encodeEntry(entries.get(1)), UTF_8));
        pieces.append(FeedCodec.SNAPSHOT_TAIL);

        CatalogEvent whole = new CatalogEvent.Snapshot(7, entries);
        assertThat(FeedCodec.encode(whole)).isEqualTo(pieces.toString());
        assertThat(FeedCodec.decode("snapshot", pieces.toString())).isEqualTo(whole);
        assertThat(
                        FeedCodec.decode(
                                "snapshot", pieces.insert(1, "\"new\":{\"a\":[1,{}]},").toString()))
                .isEqualTo(whole);
    }

    @Test
    void entriesThatHaveFactsInCommonShareThem() {
        CatalogEvent.Snapshot read =
                (CatalogEvent.Snapshot)
                        FeedCodec.decode(
                                "snapshot",
                                FeedCodec.encode(
                                        new CatalogEvent.Snapshot(
                                                7, List.of(entry("a", 1), entry("b", 2)))));
        assertThat(read.entries().getFirst().main().orElseThrow().facts())
                .isSameAs(read.entries().getLast().main().orElseThrow().facts());
    }

    @Test
    void passesOverFieldsThatANewerCatalogAdds() {
        assertThat(
                        FeedCodec.decode(
                                "withdrawn",
                                "{\"why\":1,\"sequence\":9,\"id\":{\"tenant\":\"default\",\"name\":\"sql\",\"x\":[]}}"))
                .isEqualTo(new CatalogEvent.Withdrawn(9, AdapterId.of("sql")));
    }

    @Test
    void refusesWhatIsNotAnEvent() {
        assertThatThrownBy(() -> FeedCodec.decode("renamed", "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("renamed")
                .hasMessageContaining("withdrawn");
        for (String data :
                List.of("", "{", "[]", "{\"sequence\":9}", "{\"id\":null,\"sequence\":9}")) {
            assertThatThrownBy(() -> FeedCodec.decode("withdrawn", data))
                    .as(data)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("withdrawn");
        }
        for (String data :
                List.of(
                        "",
                        "[]",
                        "{\"entries\":[]}",
                        "{\"sequence\":7}",
                        "{\"sequence\":7,\"entries\":[null]}",
                        "{\"sequence\":7,\"entries\":[{}]}",
                        "{\"sequence\":7,\"entries\":[",
                        "{\"sequence\":7,\"entries\":[]")) {
            assertThatThrownBy(() -> FeedCodec.decode("snapshot", data))
                    .as(data)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("snapshot");
        }
        String published = FeedCodec.encode(new CatalogEvent.Published(8, entry("sql", 1)));
        assertThatThrownBy(() -> FeedCodec.decode("published", published.replace("q_proj", "qq")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'qq'");
        assertThatThrownBy(() -> FeedCodec.decode("published", published.replace("2026-11", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
