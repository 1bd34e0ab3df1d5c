package dev.weft.standalone.adapters.client;

import dev.weft.standalone.failure.WrongInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A version that an alias leads to, written {@code name@number} or {@code name@number=weight}. */
public record AliasTarget(String adapter, int version, int weight) {
    private static final Pattern WRITTEN =
            Pattern.compile(
                    "(?<name>.+)@(?<version>[1-9][0-9]{0,6})(?:=(?<weight>[1-9][0-9]{0,6}))?");

    public static AliasTarget parse(String text) throws WrongInputException {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new WrongInputException(
                    "'" + text + "': a target like sql@3, or sql@3=90 with its weight, is allowed");
        }
        String weight = matcher.group("weight");
        return new AliasTarget(
                matcher.group("name"),
                Integer.parseInt(matcher.group("version")),
                weight == null ? 1 : Integer.parseInt(weight));
    }

    /** The body that sets an alias. */
    static ObjectNode body(List<AliasTarget> targets) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("targets");
        for (AliasTarget target : targets) {
            list.addObject()
                    .put("adapter", target.adapter)
                    .put("version", target.version)
                    .put("weight", target.weight);
        }
        return body;
    }

    static List<AliasTarget> read(JsonNode list) {
        var targets = new ArrayList<AliasTarget>();
        for (JsonNode target : list) {
            targets.add(
                    new AliasTarget(
                            target.path("adapter").asString(""),
                            target.path("version").asInt(0),
                            target.path("weight").asInt(1)));
        }
        return targets;
    }

    @Override
    public String toString() {
        return adapter + "@" + version + "=" + weight;
    }
}
