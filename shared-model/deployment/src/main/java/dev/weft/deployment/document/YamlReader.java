package dev.weft.deployment.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 with the line of every key. Faults go to the given list. If one concerns a single
 * key, the rest is read all the same.
 */
public final class YamlReader {
    /**
     * Deployment files are small; a document with more nodes has an alias that multiplies itself.
     */
    private static final int MOST_NODES = 100_000;

    private static final int DEEPEST = 50;

    private final Place place;
    private final List<DeploymentFault> faults;
    private int nodes;

    /** The origin of a line and a column, both counted from 1. */
    @FunctionalInterface
    public interface Place {
        Origin at(int line, int column);
    }

    public YamlReader(Place place, List<DeploymentFault> faults) {
        this.place = place;
        this.faults = faults;
    }

    /** The document; null if it is empty or can't be read, the latter with a fault. */
    public @Nullable YamlNode read(String text) {
        var settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        try {
            Node root = new Compose(settings).composeString(text).orElse(null);
            return root == null ? null : convert(root, List.of(), origin(root));
        } catch (MarkedYamlEngineException e) {
            fault(e.getProblemMark().orElse(null), e.getProblem());
        } catch (YamlEngineException e) {
            fault(null, String.valueOf(e.getMessage()).lines().findFirst().orElse("can't be read"));
        } catch (StackOverflowError e) {
            // the library has no bound of its own
            fault(null, "more than " + DEEPEST + " levels");
        }
        return null;
    }

    private void fault(@Nullable Mark mark, String problem) {
        int line = mark == null ? 1 : mark.getLine() + 1;
        String column = mark == null ? "" : ", column " + (mark.getColumn() + 1);
        faults.add(
                new DeploymentFault(
                        "",
                        place.at(line, mark == null ? 1 : mark.getColumn() + 1),
                        "not valid YAML (line " + line + column + "): " + problem));
    }

    private YamlNode convert(Node node, List<String> path, Origin origin) {
        if (++nodes > MOST_NODES || path.size() > DEEPEST) {
            throw new YamlEngineException(
                    "more than " + MOST_NODES + " values or " + DEEPEST + " levels");
        }
        return switch (node) {
            case MappingNode mapping -> fields(mapping, path, origin);
            case SequenceNode sequence -> items(sequence, path, origin);
            case ScalarNode scalar ->
                    new YamlNode.Scalar(
                            scalar.getValue(), value(scalar.getTag(), scalar.getValue()), origin);
            default -> throw new YamlEngineException("unexpected " + node.getNodeType());
        };
    }

    private YamlNode items(SequenceNode sequence, List<String> path, Origin origin) {
        var items = new ArrayList<YamlNode>();
        for (Node item : sequence.getValue()) {
            items.add(convert(item, below(path, String.valueOf(items.size())), origin(item)));
        }
        return new YamlNode.Items(items, origin);
    }

    private YamlNode fields(MappingNode mapping, List<String> path, Origin origin) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Origin here = origin(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.add(fault(path, here, "a key is not text"));
                continue;
            }
            List<String> below = below(path, key.getValue());
            YamlNode value = convert(tuple.getValueNode(), below, here);
            YamlNode before = fields.putIfAbsent(key.getValue(), value);
            if (before != null) {
                faults.add(
                        fault(below, here, "is there twice, the first time at " + before.origin()));
            }
        }
        return new YamlNode.Fields(fields, origin);
    }

    private Origin origin(Node node) {
        Mark mark = node.getStartMark().orElse(null);
        return mark == null ? place.at(1, 1) : place.at(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static DeploymentFault fault(List<String> path, Origin origin, String message) {
        return new DeploymentFault(String.join(".", path), origin, message);
    }

    private static List<String> below(List<String> path, String key) {
        var all = new ArrayList<>(path);
        all.add(key);
        return all;
    }

    /** Reads an integer as YAML 1.2's core schema has it: a leading zero has no meaning. */
    private static long integer(String text) {
        if (text.startsWith("0o")) {
            return Long.parseLong(text.substring(2), 8);
        }
        return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    }

    private static @Nullable Object value(Tag tag, String text) {
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text.toLowerCase(Locale.ROOT));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return integer(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return Double.valueOf(text);
            }
        } catch (NumberFormatException _) {
            // The number is beyond a long, or YAML's .inf or .nan: the text says it all.
            return text;
        }
        return text;
    }
}
