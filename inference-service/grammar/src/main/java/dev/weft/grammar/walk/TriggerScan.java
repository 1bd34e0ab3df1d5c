package dev.weft.grammar.walk;

import dev.weft.grammar.scan.Scan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A state of text that may be anything until one of some texts has come, the triggers. The state is
 * the longest end of the text with which a trigger begins (Aho and Corasick, 1975). The last byte
 * of a trigger leaves it. The mark of added tokens is ignored.
 */
public final class TriggerScan extends Scan {
    private final List<byte[]> triggers;
    private final Node node;

    /** The beginning of some triggers. */
    private static final class Node {
        final int depth;
        final Map<Integer, Node> next = new HashMap<>();

        /**
         * The node of its longest shorter end with which a trigger begins; the root's is itself.
         */
        Node fail = this;

        /** Number of the longest trigger that it ends with; -1 for none. */
        int trigger = -1;

        Node(int depth) {
            this.depth = depth;
        }

        Node behind(int b) {
            Node from = this;
            while (from.depth > 0 && !from.next.containsKey(b)) {
                from = from.fail;
            }
            return from.next.getOrDefault(b, from);
        }
    }

    /** States by their nodes: one for each, so that it remembers where it leads. */
    private final Map<Node, TriggerScan> made;

    private TriggerScan(List<byte[]> triggers, Map<Node, TriggerScan> made, Node node) {
        this.triggers = triggers;
        this.made = made;
        this.node = node;
    }

    /**
     * The state before any text. It takes some hundred bytes for each byte of the triggers.
     *
     * @param triggers none of them empty
     */
    public static TriggerScan of(List<byte[]> triggers) {
        Node root = new Node(0);
        for (int i = 0; i < triggers.size(); i++) {
            Node at = root;
            for (byte b : triggers.get(i)) {
                int depth = at.depth + 1;
                at = at.next.computeIfAbsent(b & 0xFF, _ -> new Node(depth));
            }
            at.trigger = at.trigger < 0 ? i : at.trigger;
        }
        link(root);
        return new TriggerScan(List.copyOf(triggers), new HashMap<>(), root);
    }

    /** Links shorter nodes first, since the ends of a longer node are among them. */
    private static void link(Node root) {
        Deque<Node> open = new ArrayDeque<>(List.of(root));
        for (Node at = open.poll(); at != null; at = open.poll()) {
            Node from = at;
            at.next.forEach((b, node) -> {
                node.fail = from.depth == 0 ? from : from.fail.behind(b);
                node.trigger = node.trigger < 0 ? node.fail.trigger : node.trigger;
                open.add(node);
            });
        }
    }

    /**
     * Number of the trigger that a byte completes, the longest of several.
     *
     * @return -1 for none
     */
    public int completed(int b) {
        return node.behind(b).trigger;
    }

    @Override
    public List<byte[]> endings() {
        Set<Node> ends = new HashSet<>();
        for (Node at = node; ends.add(at); ) {
            at = at.fail;
        }
        Node root = root();
        List<byte[]> all = new ArrayList<>();
        for (byte[] trigger : triggers) {
            Node at = root;
            int begun = 0;
            for (int i = 0; i < trigger.length - 1; i++) {
                at = at.behind(trigger[i] & 0xFF);
                begun = ends.contains(at) && at.depth == i + 1 ? i + 1 : begun;
            }
            all.add(Arrays.copyOfRange(trigger, begun, trigger.length));
        }
        return all;
    }

    private Node root() {
        Node at = node;
        while (at.depth > 0) {
            at = at.fail;
        }
        return at;
    }

    @Override
    protected Scan find(int b) {
        if (b == (TokenVocabulary.ADDED & 0xFF)) {
            return this;
        }
        Node behind = node.behind(b);
        if (behind.trigger >= 0) {
            return EXIT;
        }
        if (behind == node) {
            return this;
        }
        return made.computeIfAbsent(behind, _ -> new TriggerScan(triggers, made, behind));
    }

    @Override
    public boolean complete() {
        return true;
    }
}
