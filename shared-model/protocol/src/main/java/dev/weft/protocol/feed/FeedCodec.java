package dev.weft.protocol.feed;

import static dev.weft.protocol.json.RequiredField.required;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of a catalog's event in the feed: a name for the SSE field {@code event} and JSON for
 * {@code data}. Both ends use it. Unknown fields are ignored, so that a newer catalog can send
 * more; a missing field is an error. It keeps no state and is safe for any thread.
 */
public final class FeedCodec {
    /** SSE event name of a snapshot. */
    public static final String SNAPSHOT = "snapshot";

    /** The text after a snapshot's entries. */
    public static final String SNAPSHOT_TAIL = "]}";

    private static final String PUBLISHED = "published";
    private static final String WITHDRAWN = "withdrawn";
    private static final String TOKEN_CHANGED = "token_changed";
    private static final String SEQUENCE = "sequence";
    private static final String BASES = "bases";
    private static final String ENTRIES = "entries";
    private static final String COMING = "coming";

    private static final String ENTRY = "entry";
    private static final String ID = "id";
    private static final String BASE = "base";
    private static final String TOKEN = "token";

    private static final JsonMapper JSON = JsonMapper.shared();

    private FeedCodec() {}

    /**
     * The SSE event name: {@code snapshot}, {@code bases}, {@code published}, {@code withdrawn} or
     * {@code token_changed}.
     */
    public static String eventName(CatalogEvent event) {
        return switch (event) {
            case CatalogEvent.Snapshot _ -> SNAPSHOT;
            case CatalogEvent.BasesChanged _ -> BASES;
            case CatalogEvent.Published _ -> PUBLISHED;
            case CatalogEvent.Withdrawn _ -> WITHDRAWN;
            case CatalogEvent.TokenChanged _ -> TOKEN_CHANGED;
        };
    }

    /** Writes JSON on one line. */
    public static String encode(CatalogEvent event) {
        return switch (event) {
            case CatalogEvent.Snapshot(
                            long sequence,
                            List<CatalogBase> bases,
                            List<CatalogEntry> entries,
                            Set<ComingName> coming) -> {
                StringBuilder text = new StringBuilder(snapshotHead(sequence, bases, coming));
                String between = "";
                for (CatalogEntry entry : entries) {
                    text.append(between)
                            .append(new String(encodeEntry(entry), StandardCharsets.UTF_8));
                    between = ",";
                }
                yield text.append(SNAPSHOT_TAIL).toString();
            }
            case CatalogEvent.Published(long sequence, CatalogEntry entry) ->
                    JSON.writeValueAsString(new PublishedJson(sequence, EntryJson.of(entry)));
            case CatalogEvent.Withdrawn withdrawn ->
                    JSON.writeValueAsString(WithdrawnJson.of(withdrawn));
            case CatalogEvent.BasesChanged changed -> JSON.writeValueAsString(changed);
            case CatalogEvent.TokenChanged changed -> JSON.writeValueAsString(changed);
        };
    }

    /**
     * The text before a snapshot's entries, with the names that are coming. A snapshot may be
     * written in pieces: this head, its entries with commas between them, {@link #SNAPSHOT_TAIL}.
     */
    public static String snapshotHead(
            long sequence, List<CatalogBase> bases, Set<ComingName> coming) {
        StringBuilder head = new StringBuilder("{\"" + SEQUENCE + "\":" + sequence + ",");
        if (!bases.isEmpty()) {
            head.append("\"" + BASES + "\":").append(JSON.writeValueAsString(bases)).append(',');
        }
        if (!coming.isEmpty()) {
            List<ComingJson> names = coming.stream().map(ComingJson::of).toList();
            head.append("\"" + COMING + "\":").append(JSON.writeValueAsString(names)).append(',');
        }
        return head.append("\"" + ENTRIES + "\":[").toString();
    }

    /** One entry of a snapshot; JSON on one line, in UTF-8. */
    public static byte[] encodeEntry(CatalogEntry entry) {
        return JSON.writeValueAsBytes(EntryJson.of(entry));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the name or the data is not an event; says why
     */
    public static CatalogEvent decode(String eventName, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return decode(eventName, bytes, bytes.length);
    }

    /**
     * Reads what {@link #encode} wrote, from bytes.
     *
     * @param data UTF-8 from index 0 on
     */
    static CatalogEvent decode(String eventName, byte[] data, int length) {
        try (JsonParser parser = JSON.createParser(data, 0, length)) {
            return switch (eventName) {
                case SNAPSHOT, BASES, PUBLISHED, WITHDRAWN, TOKEN_CHANGED ->
                        event(eventName, parser);
                default ->
                        throw new IllegalArgumentException(
                                "allowed are snapshot, bases, published, withdrawn,"
                                        + " token_changed");
            };
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "feed event " + eventName + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads entry by entry, so that 100,000 of them never exist as JSON's objects as well. */
    private static CatalogEvent event(String name, JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        Fields fields = new Fields();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals(COMING) && !name.equals(SNAPSHOT)) {
                fields.comes = json.getBooleanValue();
            } else {
                fields.read(field, json);
            }
        }
        return fields.event(name);
    }

    /** The fields of all kinds of events. */
    private static final class Fields {
        private final EntryReader reader = new EntryReader();
        private @Nullable Long sequence;
        private List<CatalogBase> bases = List.of();
        private @Nullable List<CatalogEntry> entries;
        private @Nullable AdapterId id;
        private @Nullable String token;
        private Set<ComingName> coming = Set.of();
        private boolean comes;
        private long base = ServedVersion.FIRST_BASE;

        void read(String field, JsonParser json) {
            switch (field) {
                case SEQUENCE -> sequence = json.getLongValue();
                case BASES -> bases = all(json, field, () -> reader.base(json));
                case ENTRIES -> entries = all(json, field, () -> reader.entry(json));
                case ENTRY -> entries = List.of(reader.entry(json));
                case ID -> id = reader.id(json);
                case TOKEN -> token = json.getString();
                case COMING -> coming = new HashSet<>(all(json, field, () -> reader.coming(json)));
                case BASE -> base = json.getLongValue();
                default -> json.skipChildren();
            }
        }

        CatalogEvent event(String name) {
            long at = required(sequence, SEQUENCE);
            return switch (name) {
                case SNAPSHOT ->
                        new CatalogEvent.Snapshot(at, bases, required(entries, ENTRIES), coming);
                case BASES -> new CatalogEvent.BasesChanged(at, bases);
                case PUBLISHED ->
                        new CatalogEvent.Published(at, required(entries, ENTRY).getFirst());
                case TOKEN_CHANGED -> new CatalogEvent.TokenChanged(at, required(token, TOKEN));
                default -> withdrawn(at, required(id, ID));
            };
        }

        private CatalogEvent withdrawn(long at, AdapterId name) {
            return comes
                    ? new CatalogEvent.Withdrawn(at, new ComingName(name, base))
                    : new CatalogEvent.Withdrawn(at, name);
        }
    }

    private static <T> List<T> all(JsonParser json, String field, Supplier<T> element) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException(field + " is " + json.currentToken());
        }
        List<T> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            all.add(element.get());
        }
        return all;
    }

    private record PublishedJson(long sequence, EntryJson entry) {}

    /** Followers of an earlier Weft don't know the last two fields, and lose nothing by it. */
    private record WithdrawnJson(
            long sequence,
            EntryJson.IdJson id,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean coming,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long base) {
        static WithdrawnJson of(CatalogEvent.Withdrawn event) {
            ComingName coming = event.coming();
            return new WithdrawnJson(
                    event.sequence(),
                    EntryJson.IdJson.of(event.id()),
                    coming != null,
                    coming == null ? ServedVersion.FIRST_BASE : coming.base());
        }
    }

    /** An earlier Weft reads the name alone. */
    private record ComingJson(
            String tenant, String name, @JsonInclude(JsonInclude.Include.NON_DEFAULT) long base) {
        static ComingJson of(ComingName coming) {
            return new ComingJson(coming.id().tenant(), coming.id().name(), coming.base());
        }
    }
}
