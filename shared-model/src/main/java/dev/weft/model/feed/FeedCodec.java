package dev.weft.model.feed;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.AdapterId;
import dev.weft.model.adapter.Audience;
import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.lora.LoraFacts;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How an event of the catalog stands in the feed: a name for the SSE field {@code event} and JSON
 * for {@code data}. Both ends use it. Fields that it does not know are passed over, so that a newer
 * catalog can say more; one that is missing is an error. No state; safe for any thread.
 */
public final class FeedCodec {
    private static final String SNAPSHOT = "snapshot";
    private static final String PUBLISHED = "published";
    private static final String WITHDRAWN = "withdrawn";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build();

    private FeedCodec() {}

    /** The SSE event name: {@code snapshot}, {@code published} or {@code withdrawn}. */
    public static String eventName(CatalogEvent event) {
        return switch (event) {
            case CatalogEvent.Snapshot _ -> SNAPSHOT;
            case CatalogEvent.Published _ -> PUBLISHED;
            case CatalogEvent.Withdrawn _ -> WITHDRAWN;
        };
    }

    /** JSON on one line. */
    public static String encode(CatalogEvent event) {
        return JSON.writeValueAsString(
                switch (event) {
                    case CatalogEvent.Snapshot(long sequence, List<CatalogEntry> entries) ->
                            new SnapshotJson(
                                    sequence, entries.stream().map(EntryJson::of).toList());
                    case CatalogEvent.Published(long sequence, CatalogEntry entry) ->
                            new PublishedJson(sequence, EntryJson.of(entry));
                    case CatalogEvent.Withdrawn(long sequence, AdapterId id) ->
                            new WithdrawnJson(sequence, IdJson.of(id));
                });
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException where the name or the data is not an event; says why
     */
    public static CatalogEvent decode(String eventName, String data) {
        try {
            return switch (eventName) {
                case SNAPSHOT -> JSON.readValue(data, SnapshotJson.class).event();
                case PUBLISHED -> JSON.readValue(data, PublishedJson.class).event();
                case WITHDRAWN -> JSON.readValue(data, WithdrawnJson.class).event();
                default ->
                        throw new IllegalArgumentException(
                                "feed event '"
                                        + eventName
                                        + "': allowed are snapshot, published, withdrawn");
            };
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "feed event " + eventName + " cannot be read: " + e.getMessage(), e);
        }
    }

    private record SnapshotJson(long sequence, List<EntryJson> entries) {
        CatalogEvent event() {
            return new CatalogEvent.Snapshot(
                    sequence, entries.stream().map(EntryJson::entry).toList());
        }
    }

    private record PublishedJson(long sequence, EntryJson entry) {
        CatalogEvent event() {
            return new CatalogEvent.Published(sequence, entry.entry());
        }
    }

    private record WithdrawnJson(long sequence, IdJson id) {
        CatalogEvent event() {
            return new CatalogEvent.Withdrawn(sequence, id.id());
        }
    }

    private record IdJson(String tenant, String name) {
        static IdJson of(AdapterId id) {
            return new IdJson(id.tenant(), id.name());
        }

        AdapterId id() {
            return new AdapterId(tenant, name);
        }
    }

    private record EntryJson(IdJson id, List<ShareJson> shares, List<String> sharedWith) {
        static EntryJson of(CatalogEntry entry) {
            return new EntryJson(
                    IdJson.of(entry.id()),
                    entry.shares().stream().map(ShareJson::of).toList(),
                    entry.audience().tenants());
        }

        CatalogEntry entry() {
            return new CatalogEntry(
                    id.id(),
                    shares.stream().map(ShareJson::share).toList(),
                    new Audience(sharedWith));
        }
    }

    private record ShareJson(
            int weight,
            IdJson adapter,
            int version,
            String digest,
            FactsJson facts,
            String root,
            String created) {
        static ShareJson of(Share share) {
            ServedVersion version = share.version();
            return new ShareJson(
                    share.weight(),
                    IdJson.of(version.adapter()),
                    version.number(),
                    version.digest().toString(),
                    FactsJson.of(version.facts()),
                    version.root(),
                    version.created().toString());
        }

        Share share() {
            return new Share(
                    new ServedVersion(
                            adapter.id(),
                            version,
                            AdapterDigest.parse(digest),
                            facts.facts(),
                            root,
                            Instant.parse(created)),
                    weight);
        }
    }

    private record FactsJson(
            int rank,
            double alpha,
            @JsonProperty("rsLora") boolean rsLora,
            List<String> modules,
            String dtype,
            long parameters) {
        static FactsJson of(LoraFacts facts) {
            return new FactsJson(
                    facts.rank(),
                    facts.alpha(),
                    facts.rsLora(),
                    facts.modules().stream().map(LinearModule::shortName).toList(),
                    facts.dtype(),
                    facts.parameters());
        }

        LoraFacts facts() {
            TreeSet<LinearModule> known = new TreeSet<>();
            for (String module : modules) {
                known.add(
                        LinearModule.named(module)
                                .orElseThrow(() ->
                                        new IllegalArgumentException(
                                                "module '" + module + "' is unknown")));
            }
            return new LoraFacts(rank, alpha, rsLora, known, dtype, parameters);
        }
    }
}
