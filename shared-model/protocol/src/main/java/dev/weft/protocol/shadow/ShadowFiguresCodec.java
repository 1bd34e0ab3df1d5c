package dev.weft.protocol.shadow;

import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.TimesCodec;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Figures of shadows as JSON; both ends use it, and the catalog's table. It keeps no state. */
public final class ShadowFiguresCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ShadowFiguresCodec() {}

    public static String encode(ShadowFigures figures) {
        return JSON.writeValueAsString(json(figures));
    }

    /** Figures as a part of a report. */
    public static ObjectNode json(ShadowFigures figures) {
        ObjectNode json = JSON.createObjectNode();
        put(json.putObject("served"), figures.served());
        put(json.putObject("candidate"), figures.candidate());
        Likeness likeness = figures.likeness();
        json.putObject("likeness")
                .put("pairs", likeness.pairs())
                .put("served", likeness.served())
                .put("candidate", likeness.candidate())
                .put("sameFinish", likeness.sameFinish())
                .put("greedy", likeness.greedy())
                .put("sameText", likeness.sameText())
                .put("prefix", likeness.prefix());
        json.put("tokens", figures.tokens());
        ObjectNode copies = json.putObject("copies");
        figures.copies().forEach((outcome, count) -> copies.put(outcome.name(), count));
        return json;
    }

    private static void put(ObjectNode json, Measured measured) {
        json.put("requests", measured.requests())
                .put("failures", measured.failures())
                .put("firstToken", TimesCodec.encode(measured.firstToken()))
                .put("perToken", TimesCodec.encode(measured.perToken()));
    }

    /**
     * Reads figures.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ShadowFigures read(String json) {
        try {
            return read(JSON.readTree(json));
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads figures that are a part of a report.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ShadowFigures read(JsonNode json) {
        try {
            JsonNode likeness = json.path("likeness");
            Map<CopyOutcome, Long> copies = new EnumMap<>(CopyOutcome.class);
            json.path("copies")
                    .properties()
                    .forEach(each ->
                            copies.put(
                                    CopyOutcome.valueOf(each.getKey()), each.getValue().asLong()));
            return new ShadowFigures(
                    measured(json.path("served")),
                    measured(json.path("candidate")),
                    new Likeness(
                            likeness.path("pairs").asLong(),
                            likeness.path("served").asLong(),
                            likeness.path("candidate").asLong(),
                            likeness.path("sameFinish").asLong(),
                            likeness.path("greedy").asLong(),
                            likeness.path("sameText").asLong(),
                            likeness.path("prefix").asDouble()),
                    json.path("tokens").asLong(),
                    copies);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private static Measured measured(JsonNode json) {
        return new Measured(
                json.path("requests").asLong(),
                json.path("failures").asLong(),
                TimesCodec.read(json.path("firstToken").asString()),
                TimesCodec.read(json.path("perToken").asString()));
    }

    private static IllegalArgumentException unreadable(JacksonException e) {
        return new IllegalArgumentException(
                "figures of a shadow can't be read: " + e.getOriginalMessage(), e);
    }
}
