package dev.weft.protocol.feed;

import static dev.weft.protocol.json.RequiredField.required;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads entries in the form of {@link EntryJson}, token by token. Jackson's binding took most of
 * the time that a follower of 100,000 adapters waits for its first view. Values that many adapters
 * share (tenant, facts, audience) become one object per reader, which saves such a view some 100
 * MB. For one thread.
 */
final class EntryReader {
    private record Facts(
            int rank,
            double alpha,
            boolean rsLora,
            List<String> modules,
            String dtype,
            long parameters,
            AdapterTask task) {}

    private final Map<String, String> tenants = new HashMap<>();
    private final Map<Facts, LoraFacts> facts = new HashMap<>();
    private final Map<List<String>, Audience> audiences = new HashMap<>();

    /** The last id that was read: an adapter's own versions name it again. */
    private @Nullable AdapterId last;

    /**
     * Reads the object at the parser's position.
     *
     * @throws IllegalArgumentException if a field is missing or its value not allowed
     * @throws tools.jackson.core.JacksonException if it is not JSON
     * @throws java.time.DateTimeException if a time can't be read
     */
    CatalogEntry entry(JsonParser json) {
        AdapterId id = null;
        List<Share> shares = null;
        List<String> sharedWith = null;
        long revision = 0; // if it is left out
        begin(json, "entry");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = id(json);
                case "shares" -> shares = shares(json);
                case "sharedWith" -> sharedWith = texts(json, field);
                case "revision" -> revision = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new CatalogEntry(
                required(id, "id"),
                required(shares, "shares"),
                audiences.computeIfAbsent(required(sharedWith, "sharedWith"), Audience::new),
                revision);
    }

    /** Reads the id at the parser's position. */
    AdapterId id(JsonParser json) {
        String tenant = null;
        String name = null;
        begin(json, "id");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "tenant" -> tenant = text(json, field);
                case "name" -> name = text(json, field);
                default -> json.skipChildren();
            }
        }
        return id(tenant, name);
    }

    /** Reads the name that is coming at the parser's position. */
    ComingName coming(JsonParser json) {
        String tenant = null;
        String name = null;
        long base = ServedVersion.FIRST_BASE; // if it is left out
        begin(json, "coming");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "tenant" -> tenant = text(json, field);
                case "name" -> name = text(json, field);
                case "base" -> base = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new ComingName(id(tenant, name), base);
    }

    private AdapterId id(@Nullable String tenant, @Nullable String name) {
        AdapterId before = last;
        if (before != null && before.name().equals(name) && before.tenant().equals(tenant)) {
            return before;
        }
        AdapterId id =
                new AdapterId(
                        tenants.computeIfAbsent(required(tenant, "tenant"), text -> text),
                        required(name, "name"));
        last = id;
        return id;
    }

    /** Reads the base at the parser's position. */
    CatalogBase base(JsonParser json) {
        Long id = null;
        String name = null;
        String root = null;
        begin(json, "base");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = json.getLongValue();
                case "name" -> name = text(json, field);
                case "root" -> root = text(json, field);
                default -> json.skipChildren();
            }
        }
        return new CatalogBase(required(id, "id"), required(name, "name"), required(root, "root"));
    }

    private List<Share> shares(JsonParser json) {
        List<Share> shares = new ArrayList<>(1);
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong("shares", json);
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            shares.add(share(json));
        }
        return shares;
    }

    private Share share(JsonParser json) {
        Integer weight = null;
        AdapterId adapter = null;
        Integer version = null;
        String digest = null;
        LoraFacts known = null;
        String root = null;
        String created = null;
        long base = ServedVersion.FIRST_BASE;
        begin(json, "share");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "weight" -> weight = json.getIntValue();
                case "adapter" -> adapter = id(json);
                case "version" -> version = json.getIntValue();
                case "digest" -> digest = text(json, field);
                case "facts" -> known = facts(json);
                case "root" -> root = text(json, field);
                case "created" -> created = text(json, field);
                case "base" -> base = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new Share(
                new ServedVersion(
                        required(adapter, "adapter"),
                        required(version, "version"),
                        AdapterDigest.parse(required(digest, "digest")),
                        required(known, "facts"),
                        required(root, "root"),
                        Instant.parse(required(created, "created")),
                        base),
                required(weight, "weight"));
    }

    private LoraFacts facts(JsonParser json) {
        Integer rank = null;
        Double alpha = null;
        Boolean rsLora = null;
        List<String> modules = null;
        String dtype = null;
        Long parameters = null;
        AdapterTask task = AdapterTask.CAUSAL_LM; // if it is left out
        begin(json, "facts");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "rank" -> rank = json.getIntValue();
                case "alpha" -> alpha = json.getDoubleValue();
                case "rsLora" -> rsLora = json.getBooleanValue();
                case "modules" -> modules = texts(json, field);
                case "dtype" -> dtype = text(json, field);
                case "parameters" -> parameters = json.getLongValue();
                case "task" -> task = AdapterTask.valueOf(text(json, field));
                default -> json.skipChildren();
            }
        }
        return facts.computeIfAbsent(
                new Facts(
                        required(rank, "rank"),
                        required(alpha, "alpha"),
                        required(rsLora, "rsLora"),
                        required(modules, "modules"),
                        required(dtype, "dtype"),
                        required(parameters, "parameters"),
                        task),
                EntryReader::known);
    }

    private static LoraFacts known(Facts facts) {
        TreeSet<LinearModule> known = new TreeSet<>();
        for (String module : facts.modules()) {
            known.add(
                    LinearModule.named(module)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "module '" + module + "' is unknown")));
        }
        return new LoraFacts(
                facts.rank(),
                facts.alpha(),
                facts.rsLora(),
                known,
                facts.dtype(),
                facts.parameters(),
                facts.task());
    }

    private static void begin(JsonParser json, String what) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(what, json);
        }
    }

    private static String text(JsonParser json, String field) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(field, json);
        }
        return json.getString();
    }

    private static List<String> texts(JsonParser json, String field) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(field, json);
        }
        List<String> texts = new ArrayList<>(8);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(json, field));
        }
        return texts;
    }

    private static IllegalArgumentException wrong(String field, JsonParser json) {
        return new IllegalArgumentException(field + " is " + json.currentToken());
    }
}
