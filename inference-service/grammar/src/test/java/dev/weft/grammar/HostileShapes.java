package dev.weft.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random schemas and patterns whose parts are few, and the ways through them many. */
final class HostileShapes {
    private static final int MOST_LEVELS = 24;

    /** Schemas of a level. */
    private static final int WIDTH = 2;

    private static final int KINDS = 18;

    private final Random random;
    private int level;
    private int levels;

    /** Schemas in a list. */
    private int fan;

    private boolean alike;

    HostileShapes(long seed) {
        this.random = new Random(seed);
    }

    /**
     * Levels of two schemas each that refer to those of the next one from several places, and
     * rarely back; all levels alike, or each of its own.
     */
    String schema() {
        levels = 2 + random.nextInt(MOST_LEVELS);
        alike = random.nextBoolean();
        fan = 1 + random.nextInt(alike ? 12 : 4);
        List<Integer> kinds = kinds();
        List<String> definitions = new ArrayList<>();
        for (level = 0; level < levels; level++) {
            List<Integer> own = alike ? kinds : kinds();
            for (int i = 0; i < WIDTH; i++) {
                List<String> keywords = new ArrayList<>();
                keywords.add("\"$dynamicAnchor\":\"" + name(level, i) + '"');
                own.forEach(kind -> keywords.add(keyword(kind)));
                definitions.add(definition(i, String.join(",", keywords)));
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            definitions.add(definition(i, alike ? "\"type\":\"object\"" : leaf()));
        }
        String unevaluated =
                pick(
                        List.of(
                                "",
                                "\"unevaluatedProperties\":false,",
                                "\"unevaluatedItems\":false,",
                                "\"unevaluatedProperties\":{\"type\":\"null\"},"));
        return "{%s\"$ref\":\"#/$defs/%s\",\"$defs\":{%s}}"
                .formatted(unevaluated, name(0, 0), String.join(",", definitions));
    }

    private List<Integer> kinds() {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(_ -> random.nextInt(KINDS))
                .toList();
    }

    private String definition(int index, String keywords) {
        return "\"%s\":{%s}".formatted(name(level, index), keywords);
    }

    private static String name(int level, int index) {
        return "n" + level + "_" + index;
    }

    private String keyword(int kind) {
        return switch (kind) {
            case 0 -> list("allOf");
            case 1 -> list("anyOf");
            case 2 -> list("oneOf");
            case 3 -> list("prefixItems");
            case 4 -> one("not");
            case 5 -> one("contains");
            case 6 -> one("propertyNames");
            case 7 -> one("items");
            case 8 -> one("additionalProperties");
            case 9 -> one("unevaluatedProperties");
            case 10 -> one("unevaluatedItems");
            case 11 -> one("if") + ',' + one("then") + ',' + one("else");
            case 12 -> "\"dependentSchemas\":{\"a\":" + next() + ",\"b\":" + next() + '}';
            case 13 -> "\"properties\":{\"a\":" + next() + ",\"b\":" + next() + '}';
            case 14 -> "\"patternProperties\":{\"^a\":" + next() + '}';
            case 15 -> "\"$ref\":" + target();
            default -> leaf();
        };
    }

    private String list(String keyword) {
        return "\"%s\":[%s]"
                .formatted(
                        keyword,
                        IntStream.range(0, fan)
                                .mapToObj(_ -> next())
                                .collect(Collectors.joining(",")));
    }

    private String one(String keyword) {
        return "\"" + keyword + "\":" + next();
    }

    /** A schema of the next level, rarely of another one. */
    private String next() {
        return switch (random.nextInt(alike ? 120 : 12)) {
            case 0 -> "{" + leaf() + "}";
            case 1 -> "{" + leaf() + ",\"$ref\":" + target() + "}";
            case 2 -> "{\"not\":{\"$ref\":" + target() + "}}";
            case 3 -> "{\"$dynamicRef\":\"#" + name(Math.min(levels - 1, level + 1), 0) + "\"}";
            case 4 -> "{\"allOf\":[{" + leaf() + "},{\"$ref\":" + target() + "}]}";
            default -> "{\"$ref\":" + target() + "}";
        };
    }

    private String target() {
        int to = level + 1;
        if (!alike && random.nextInt(40) == 0) {
            to = random.nextInt(levels);
        }
        return "\"#/$defs/" + name(Math.min(levels, to), random.nextInt(WIDTH)) + '"';
    }

    private String leaf() {
        int n = random.nextInt(9);
        return pick(
                List.of(
                        "\"type\":[\"object\",\"array\"]",
                        "\"minLength\":" + n,
                        "\"maxLength\":" + (100 + n),
                        "\"pattern\":\"^(a|b)*a(a|b){" + n + "}$\"",
                        "\"pattern\":\"" + n + "\"",
                        "\"format\":\"uri\"",
                        "\"enum\":[\"x" + n + "\",[" + n + "],{\"a\":" + n + "}]",
                        "\"required\":[\"a\",\"k" + n + "\"]",
                        "\"maxProperties\":" + (1 + n),
                        "\"minProperties\":1",
                        "\"minItems\":" + n,
                        "\"uniqueItems\":true",
                        "\"multipleOf\":" + (1 + n),
                        "\"exclusiveMinimum\":" + n,
                        "\"patternProperties\":{\"" + n + "$\":{\"type\":\"integer\"}}",
                        "\"contains\":{\"const\":" + n + "},\"maxContains\":3"));
    }

    /** Operators of patterns in each other. */
    String pattern() {
        String made = pattern(2 + random.nextInt(12));
        return random.nextBoolean() ? made : '^' + made + '$';
    }

    private String pattern(int depth) {
        if (depth == 0) {
            return pick(List.of("a", "b", "[^a]", ".", "\\\\w", "\\\\P{L}", "ab", "^", "$", ""));
        }
        String inner = "(" + pattern(depth - 1) + ")";
        return switch (random.nextInt(9)) {
            case 0 -> inner + "{16}";
            case 1 -> inner + "{0,16}";
            case 2 -> inner + "*";
            case 3 -> "(?=" + inner + ")" + pattern(depth - 1);
            case 4 -> "(?!" + inner + ")" + pattern(depth - 1);
            case 5 -> inner + "|" + pattern(depth - 1);
            case 6 -> inner + "{300}";
            case 7 -> "((?=a)" + inner + "){2,16}";
            default -> inner + pattern(0) + "?";
        };
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
