package dev.weft.grammar.schema;

import dev.weft.grammar.limit.GrammarException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the parts of a schema that references name. Nothing is fetched. */
final class SchemaIndex {
    private static final int MOST_DEPTH = 400;
    private static final String NO_BASE = "weft:/";

    /** Characters of one identifier with the one that it is relative to. */
    private static final int MOST_OF_NAME = 2_000;

    /** Characters of all of them. */
    private static final int MOST_OF_NAMES = 4_000_000;

    /** Keywords whose values are schemas by names of any kind. */
    private static final Set<String> BY_NAME =
            Set.of(
                    "properties",
                    "patternProperties",
                    "$defs",
                    "definitions",
                    "dependentSchemas",
                    "dependencies");

    /** Keywords whose values are not schemas and contain none. */
    private static final Set<String> DATA =
            Set.of("enum", "const", "default", "examples", "example");

    private final JsonNode root;
    private final Map<String, JsonNode> resources = new HashMap<>();
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private final Map<String, Integer> dynamicAnchors = new HashMap<>();
    private int recursiveAnchors;
    private int named;
    private final IdentityHashMap<JsonNode, String> bases = new IdentityHashMap<>();

    SchemaIndex(JsonNode root) throws GrammarException {
        this.root = root;
        resources.put(NO_BASE, root);
        walk(root, NO_BASE, 0, false);
    }

    /**
     * Looks into a part.
     *
     * @param byName whether it is not a schema but a map of names to schemas
     */
    private void walk(JsonNode node, String base, int depth, boolean byName)
            throws GrammarException {
        if (depth > MOST_DEPTH) {
            throw tooLarge("nests more than " + MOST_DEPTH + " deep");
        }
        String own = base;
        if (node.isObject()) {
            if (!byName) {
                own = identified(node, base);
                anchors(node, own);
            }
            bases.put(node, own);
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                String key = entry.getKey();
                if (entry.getValue().isContainer() && (byName || !DATA.contains(key))) {
                    walk(entry.getValue(), own, depth + 1, !byName && BY_NAME.contains(key));
                }
            }
        } else {
            for (JsonNode item : node) {
                if (item.isContainer()) {
                    walk(item, own, depth + 1, false);
                }
            }
        }
    }

    private void anchors(JsonNode node, String base) throws GrammarException {
        anchor(node, "$anchor", base);
        if (anchor(node, "$dynamicAnchor", base)) {
            dynamicAnchors.merge(node.path("$dynamicAnchor").stringValue(), 1, Integer::sum);
        }
        if (node.path("$recursiveAnchor").booleanValue(false)) {
            recursiveAnchors++;
        }
    }

    private static GrammarException tooLarge(String why) {
        return new GrammarException(GrammarException.Kind.TOO_LARGE, "", "", "the schema " + why);
    }

    /** Each is kept with the one that it is relative to, however many there are. */
    private String counted(String name) throws GrammarException {
        named += name.length();
        if (name.length() > MOST_OF_NAME || named > MOST_OF_NAMES) {
            throw tooLarge(
                    "has identifiers of more than %d characters, or of %d together"
                            .formatted(MOST_OF_NAME, MOST_OF_NAMES));
        }
        return name;
    }

    private String identified(JsonNode node, String base) throws GrammarException {
        JsonNode id = node.has("$id") ? node.path("$id") : node.path("id");
        if (!id.isString()) {
            return base;
        }
        String text = id.stringValue();
        if (text.startsWith("#")) {
            anchors.putIfAbsent(counted(base + text), node);
            return base;
        }
        String own = counted(resolved(base, text));
        int hash = own.indexOf('#');
        if (hash >= 0) {
            if (hash + 1 < own.length()) {
                anchors.putIfAbsent(own, node);
                return base;
            }
            own = own.substring(0, hash);
        }
        resources.putIfAbsent(own, node);
        return own;
    }

    private boolean anchor(JsonNode node, String keyword, String base) throws GrammarException {
        JsonNode name = node.path(keyword);
        if (name.isString()) {
            anchors.putIfAbsent(counted(base + "#" + name.stringValue()), node);
            return true;
        }
        return false;
    }

    private static String resolved(String base, String reference) {
        try {
            return URI.create(base).resolve(reference).toString();
        } catch (IllegalArgumentException e) {
            return reference;
        }
    }

    /** How many schemas extend those that refer to themselves. */
    int recursiveAnchors() {
        return recursiveAnchors;
    }

    /** How many places a dynamic reference may lead to. */
    int dynamicTargets(String name) {
        return dynamicAnchors.getOrDefault(name, 0);
    }

    /** What a reference in a schema leads to; null if it is not in this document. */
    @Nullable JsonNode find(JsonNode from, String reference) {
        String base = bases.getOrDefault(from, NO_BASE);
        String whole = reference.startsWith("#") ? base + reference : resolved(base, reference);
        int hash = whole.indexOf('#');
        String resource = hash < 0 ? whole : whole.substring(0, hash);
        String fragment = hash < 0 ? "" : whole.substring(hash + 1);
        JsonNode start = resources.get(resource);
        if (start == null) {
            return null;
        }
        if (fragment.isEmpty()) {
            return start;
        }
        if (!fragment.startsWith("/")) {
            return anchors.get(resource + "#" + fragment);
        }
        return pointed(start, fragment);
    }

    private static @Nullable JsonNode pointed(JsonNode start, String fragment) {
        String decoded;
        try {
            decoded = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = fragment;
        }
        JsonNode node = start;
        for (String part : decoded.substring(1).split("/", -1)) {
            String key = part.replace("~1", "/").replace("~0", "~");
            node =
                    node.isArray() && key.matches("\\d{1,6}")
                            ? node.path(Integer.parseInt(key))
                            : node.path(key);
            if (node.isMissingNode()) {
                return null;
            }
        }
        return node;
    }

    /** JSON pointer to a part of the schema; found by a search, for messages. */
    String pointer(JsonNode part) {
        String found = pointer(root, part, "");
        return found == null ? "" : found;
    }

    private static @Nullable String pointer(JsonNode at, JsonNode part, String path) {
        if (isSame(at, part)) {
            return path;
        }
        if (at.isObject()) {
            for (Map.Entry<String, JsonNode> entry : at.properties()) {
                String key = entry.getKey().replace("~", "~0").replace("/", "~1");
                String found = pointer(entry.getValue(), part, path + "/" + key);
                if (found != null) {
                    return found;
                }
            }
        } else {
            int i = 0;
            for (JsonNode item : at) {
                String found = pointer(item, part, path + "/" + i++);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // this very part, not one like it
    private static boolean isSame(JsonNode a, JsonNode b) {
        return a == b;
    }
}
