package dev.weft.grammar.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small schemas that count members, made at random, and values to try them with. */
final class CountedSchemas {
    private static final List<String> ITEMS = List.of("\"a\"", "1", "{\"id\":1}", "[]");
    private static final int MOST_ITEMS = 3;
    private static final List<String> RULES =
            List.of(
                    "{'const':'a'}",
                    "{'type':'string'}",
                    "{'type':'integer'}",
                    "{'type':'object'}",
                    "{'required':['id']}",
                    "{'enum':['a',1]}",
                    "{}",
                    "false");

    /** Arrays and objects of a few members, in each order. */
    static final List<String> VALUES = values();

    private CountedSchemas() {}

    private static List<String> values() {
        List<String> all = new ArrayList<>(List.of("null", "\"a\""));
        arrays("", 0, all);
        objects("", List.of("a", "b", "c"), all);
        return List.copyOf(all);
    }

    private static void arrays(String items, int count, List<String> out) {
        out.add("[" + items + "]");
        if (count < MOST_ITEMS) {
            for (String item : ITEMS) {
                arrays(count == 0 ? item : items + "," + item, count + 1, out);
            }
        }
    }

    private static void objects(String members, List<String> left, List<String> out) {
        out.add("{" + members + "}");
        for (String key : left) {
            List<String> others = left.stream().filter(other -> !other.equals(key)).toList();
            for (String value : List.of("1", "\"a\"")) {
                String member = "\"" + key + "\":" + value;
                objects(members.isEmpty() ? member : members + "," + member, others, out);
            }
        }
    }

    /** A schema of arrays or of objects; its quotes are single. */
    static String next(Random random) {
        boolean array = random.nextBoolean();
        return "{'type':'%s',%s,%s}"
                .formatted(
                        array ? "array" : "object", rule(random, array), combined(random, array));
    }

    private static String combined(Random random, boolean array) {
        String one = "{" + rule(random, array) + "}";
        String other = "{" + rule(random, array) + "," + rule(random, array) + "}";
        return switch (random.nextInt(6)) {
            case 0 -> "'allOf':[%s,%s]".formatted(one, other);
            case 1 -> "'anyOf':[%s,%s]".formatted(one, other);
            case 2 -> "'oneOf':[%s,%s]".formatted(one, other);
            case 3 -> "'not':%s".formatted(other);
            case 4 -> "'if':%s,'then':%s".formatted(one, other);
            default -> "'if':%s,'else':%s,'not':{'not':%s}".formatted(one, other, one);
        };
    }

    private static String rule(Random random, boolean array) {
        return array ? items(random) : keys(random);
    }

    private static String items(Random random) {
        int n = random.nextInt(4);
        return switch (random.nextInt(7)) {
            case 0 -> "'maxItems':" + n;
            case 1 -> "'minItems':" + n;
            case 2 -> "'contains':%s".formatted(item(random));
            case 3 -> "'contains':%s,'minContains':%d".formatted(item(random), n);
            case 4 -> "'contains':%s,'maxContains':%d".formatted(item(random), 1 + n);
            case 5 -> "'items':" + item(random);
            default ->
                    "'prefixItems':[%s],'items':%s"
                            .formatted(
                                    String.join(
                                            ",",
                                            IntStream.range(0, 1 + random.nextInt(2))
                                                    .mapToObj(_ -> item(random))
                                                    .toList()),
                                    random.nextBoolean() ? "false" : item(random));
        };
    }

    private static String keys(Random random) {
        int n = random.nextInt(4);
        String key = List.of("a", "b", "c").get(random.nextInt(3));
        return switch (random.nextInt(6)) {
            case 0 -> "'maxProperties':" + n;
            case 1 -> "'minProperties':" + n;
            case 2 -> "'required':['%s']".formatted(key);
            case 3 -> "'required':['a','%s']".formatted(random.nextBoolean() ? "b" : "c");
            case 4 -> "'properties':{'%s':%s}".formatted(key, item(random));
            default ->
                    "'properties':{'a':%s,'b':true},'additionalProperties':false"
                            .formatted(item(random));
        };
    }

    private static String item(Random random) {
        return RULES.get(random.nextInt(RULES.size()));
    }
}
