package dev.weft.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A small grammar over {@code a}, {@code b} and {@code c}, with a recogniser that does nothing
 * clever: where each rule may end, from each place, is looked for until nothing new is found.
 */
record PlainGrammar(List<Node> rules) {
    private static final String NAMES = "root,b,c,d";

    /** A part of a rule. */
    sealed interface Node {
        /** The characters that match. */
        record One(String of) implements Node {}

        record Rule(int number) implements Node {}

        record All(List<Node> parts) implements Node {}

        record Any(List<Node> parts) implements Node {}

        record Times(Node part, int min, int max) implements Node {}
    }

    static PlainGrammar random(Random random) {
        int count = 1 + random.nextInt(4);
        List<Node> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(node(random, count, 3));
        }
        return new PlainGrammar(rules);
    }

    private static Node node(Random random, int rules, int deep) {
        return switch (random.nextInt(deep == 0 ? 4 : 9)) {
            case 0, 1 -> new Node.One(List.of("a", "b", "ab", "bc", "abc").get(random.nextInt(5)));
            case 2, 3 -> new Node.Rule(random.nextInt(rules));
            case 4, 5 -> new Node.All(nodes(random, rules, deep - 1, random.nextInt(4)));
            case 6, 7 -> new Node.Any(nodes(random, rules, deep - 1, 1 + random.nextInt(3)));
            default -> {
                int min = random.nextInt(3);
                int max = random.nextBoolean() ? -1 : min + random.nextInt(3);
                yield new Node.Times(node(random, rules, deep - 1), min, max);
            }
        };
    }

    private static List<Node> nodes(Random random, int rules, int deep, int count) {
        List<Node> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(node(random, rules, deep));
        }
        return all;
    }

    /** The grammar as GBNF. */
    String gbnf() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rules.size(); i++) {
            text.append(name(i)).append(" ::= ").append(gbnf(rules.get(i))).append('\n');
        }
        return text.toString();
    }

    private static String name(int rule) {
        return NAMES.split(",", -1)[rule];
    }

    private static String gbnf(Node node) {
        return switch (node) {
            case Node.One one -> one.of.length() == 1 ? '"' + one.of + '"' : '[' + one.of + ']';
            case Node.Rule rule -> name(rule.number);
            case Node.All all ->
                    all.parts.stream()
                            .map(PlainGrammar::gbnf)
                            .collect(Collectors.joining(" ", "(", ")"));
            case Node.Any any ->
                    any.parts.stream()
                            .map(PlainGrammar::gbnf)
                            .collect(Collectors.joining(" | ", "(", ")"));
            case Node.Times times ->
                    gbnf(times.part)
                            + "{%d,%s}".formatted(times.min, times.max < 0 ? "" : times.max);
        };
    }

    /** Whether the whole text is one of the grammar's. */
    boolean matches(String text) {
        return matches(0, text);
    }

    /** Whether the whole text is one of a rule's. */
    boolean matches(int rule, String text) {
        return ends(text)[rule * (text.length() + 1)].contains(text.length());
    }

    /** {@code [rules * places]}: where a rule may end that begins at a place. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private Set<Integer>[] ends(String text) {
        int places = text.length() + 1;
        Set<Integer>[] known = new Set[rules.size() * places];
        Arrays.setAll(known, _ -> new HashSet<>());
        boolean more = true;
        while (more) {
            more = false;
            for (int rule = 0; rule < rules.size(); rule++) {
                for (int at = 0; at < places; at++) {
                    more |=
                            known[rule * places + at].addAll(
                                    ends(rules.get(rule), text, at, known, places));
                }
            }
        }
        return known;
    }

    private static Set<Integer> ends(
            Node node, String text, int at, Set<Integer>[] known, int places) {
        Set<Integer> found = new HashSet<>();
        switch (node) {
            case Node.One one -> {
                if (at < text.length() && one.of.indexOf(text.charAt(at)) >= 0) {
                    found.add(at + 1);
                }
            }
            case Node.Rule rule -> found.addAll(known[rule.number * places + at]);
            case Node.All all -> {
                Set<Integer> now = Set.of(at);
                for (Node part : all.parts) {
                    now = behind(part, text, now, known, places);
                }
                found.addAll(now);
            }
            case Node.Any any ->
                    any.parts.forEach(part -> found.addAll(ends(part, text, at, known, places)));
            case Node.Times times -> {
                Set<Integer> now = new HashSet<>(Set.of(at));
                int most = times.max < 0 ? times.min + places : times.max;
                for (int i = 0; i <= most; i++) {
                    if (i >= times.min) {
                        found.addAll(now);
                    }
                    now = behind(times.part, text, now, known, places);
                }
            }
        }
        return found;
    }

    private static Set<Integer> behind(
            Node part, String text, Set<Integer> from, Set<Integer>[] known, int places) {
        Set<Integer> behind = new HashSet<>();
        from.forEach(at -> behind.addAll(ends(part, text, at, known, places)));
        return behind;
    }
}
