package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

    private static final String ENTRY = "entry";
    private static final String ID = "id";
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
                            List<CatalogEntry> entries) -> {
                StringBuilder text = new StringBuilder(snapshotHead(sequence, bases));
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
            case CatalogEvent.Withdrawn(long sequence, AdapterId id) ->
                    JSON.writeValueAsString(new WithdrawnJson(sequence, EntryJson.IdJson.of(id)));
            case CatalogEvent.BasesChanged changed -> JSON.writeValueAsString(changed);
            case CatalogEvent.TokenChanged changed -> JSON.writeValueAsString(changed);
        };
    }

    /**
     * The text before a snapshot's entries. A snapshot may be written in pieces: this head, its
     * entries with commas between them, {@link #SNAPSHOT_TAIL}.
     */
    public static String snapshotHead(long sequence, List<CatalogBase> bases) {
        String known =
                bases.isEmpty() ? "" : ",\"" + BASES + "\":" + JSON.writeValueAsString(bases);
        return "{\"" + SEQUENCE + "\":" + sequence + known + ",\"" + ENTRIES + "\":[";
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
     * The same.
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
        EntryReader reader = new EntryReader();
        Long sequence = null;
        List<CatalogBase> bases = List.of();
        List<CatalogEntry> entries = null;
        AdapterId id = null;
        String token = null;
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case SEQUENCE -> sequence = json.getLongValue();
                case BASES -> bases = all(json, field, () -> reader.base(json));
                case ENTRIES -> entries = all(json, field, () -> reader.entry(json));
                case ENTRY -> entries = List.of(reader.entry(json));
                case ID -> id = reader.id(json);
                case TOKEN -> token = json.getString();
                default -> json.skipChildren();
            }
        }
        long at = EntryReader.there(sequence, SEQUENCE);
        return switch (name) {
            case SNAPSHOT ->
                    new CatalogEvent.Snapshot(at, bases, EntryReader.there(entries, ENTRIES));
            case BASES -> new CatalogEvent.BasesChanged(at, bases);
            case PUBLISHED ->
                    new CatalogEvent.Published(at, EntryReader.there(entries, ENTRY).getFirst());
            case TOKEN_CHANGED ->
                    new CatalogEvent.TokenChanged(at, EntryReader.there(token, TOKEN));
            default -> new CatalogEvent.Withdrawn(at, EntryReader.there(id, ID));
        };
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

    private record WithdrawnJson(long sequence, EntryJson.IdJson id) {}
}
