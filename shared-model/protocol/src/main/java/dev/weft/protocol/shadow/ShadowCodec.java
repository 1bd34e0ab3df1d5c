package dev.weft.protocol.shadow;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Demands and orders as JSON; both ends use it. It keeps no state. */
public final class ShadowCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ShadowCodec() {}

    public static byte[] encode(ShadowDemand demand) {
        ObjectNode json = JSON.createObjectNode().put("instance", demand.instance());
        ObjectNode tokens = json.putObject("tokens");
        demand.tokens().forEach((shadow, wanted) -> tokens.put(shadow.toString(), wanted));
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads a demand.
     *
     * @throws IllegalArgumentException if the bytes are not a demand
     */
    public static ShadowDemand demand(byte[] json) {
        return read(
                json,
                node -> {
                    Map<Long, Long> tokens = new HashMap<>();
                    node.path("tokens")
                            .properties()
                            .forEach(each ->
                                    tokens.put(
                                            Long.parseLong(each.getKey()),
                                            each.getValue().asLong()));
                    return new ShadowDemand(node.path("instance").asString(), tokens);
                });
    }

    public static byte[] encode(List<ShadowOrder> orders) {
        ObjectNode json = JSON.createObjectNode();
        var list = json.putArray("orders");
        for (ShadowOrder order : orders) {
            ObjectNode each =
                    list.addObject()
                            .put("id", order.id())
                            .put("tenant", order.name().tenant())
                            .put("name", order.name().name())
                            .put("share", order.bounds().share())
                            .put("concurrent", order.bounds().concurrent())
                            .put("granted", order.bounds().granted())
                            .put("leftMillis", order.left().toMillis());
            put(each.putObject("served"), order.served());
            put(each.putObject("candidate"), order.candidate());
        }
        return JSON.writeValueAsBytes(json);
    }

    private static void put(ObjectNode json, ShadowOrder.Version version) {
        json.put("adapter", version.adapter()).put("number", version.number());
    }

    /**
     * Reads orders.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static List<ShadowOrder> orders(byte[] json) {
        return read(
                json,
                node -> {
                    List<ShadowOrder> orders = new ArrayList<>();
                    for (JsonNode each : node.path("orders")) {
                        orders.add(order(each));
                    }
                    return List.copyOf(orders);
                });
    }

    private static ShadowOrder order(JsonNode json) {
        return new ShadowOrder(
                json.path("id").asLong(),
                new AdapterId(json.path("tenant").asString(), json.path("name").asString()),
                version(json.path("served")),
                version(json.path("candidate")),
                new ShadowOrder.Bounds(
                        json.path("share").asDouble(),
                        json.path("concurrent").asInt(),
                        json.path("granted").asLong()),
                Duration.ofMillis(json.path("leftMillis").asLong()));
    }

    private static ShadowOrder.Version version(JsonNode json) {
        return new ShadowOrder.Version(
                json.path("adapter").asString(), json.path("number").asInt());
    }

    private static <T> T read(byte[] json, Function<JsonNode, T> reader) {
        try {
            return reader.apply(JSON.readTree(json));
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private static IllegalArgumentException unreadable(JacksonException e) {
        return new IllegalArgumentException("can't be read: " + e.getOriginalMessage(), e);
    }
}
