package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The identifiers of a schema's parts, and what they are relative to. One thread at a time. */
final class Identifiers {
    private static final int MOST_DEPTH = 400;
    private static final String NO_BASE = "weft:/";

    /** Most characters of an identifier with the one that it is relative to. */
    private static final int MOST_OF_NAME = 2_000;

    /** Most characters of all identifiers together. */
    private static final int MOST_OF_NAMES = 4_000_000;

    private static final int BYTES_OF_BASE = 64;

    /** Keywords whose values are schemas by names of any kind. */
    private static final Set<String> BY_NAME =
            Set.of(
                    "properties",
                    "patternProperties",
                    "$defs",
                    "definitions",
                    "dependentSchemas",
                    "dependencies");

    /** Keywords whose values are schemas, or arrays of them. */
    private static final Set<String> SCHEMAS =
            Set.of(
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "not",
                    "if",
                    "then",
                    "else",
                    "items",
                    "prefixItems",
                    "additionalItems",
                    "unevaluatedItems",
                    "contains",
                    "additionalProperties",
                    "unevaluatedProperties",
                    "propertyNames",
                    "contentSchema");

    /** Keywords whose values are not schemas and contain none. */
    private static final Set<String> DATA =
            Set.of("enum", "const", "default", "examples", "example");

    /** Which identifiers count. */
    enum Which {
        /** Those of schemas, under the keyword that the draft has for them. */
        OF_SCHEMAS,

        /**
         * Those of other objects, too, for documents that keep schemas in other places. If no draft
         * is named, {@code id} counts as well.
         */
        OF_ANYTHING
    }

    private final Expressions pool;
    private final Which which;
    private final SchemaDraft draft;
    private final boolean named;
    private final Map<String, JsonNode> resources = new HashMap<>();
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private final Map<String, Integer> dynamicAnchors = new HashMap<>();
    private int recursiveAnchors;
    private int characters;

    /** What identifiers within an object are relative to, where that is not {@link #NO_BASE}. */
    private final IdentityHashMap<JsonNode, String> bases = new IdentityHashMap<>();

    Identifiers(Expressions pool, JsonNode root, Which which) throws GrammarException {
        this.pool = pool;
        this.which = which;
        this.draft = SchemaDraft.of(root);
        this.named = SchemaDraft.isNamed(root);
        resources.put(NO_BASE, root);
        walk(root, NO_BASE, 0, new Spot(false, true));
    }

    /**
     * Where a part is.
     *
     * @param byName whether the part is not a schema, but has schemas by names
     * @param counts whether identifiers there count
     */
    private record Spot(boolean byName, boolean counts) {
        Spot below(String key) {
            boolean known = byName || SCHEMAS.contains(key) || BY_NAME.contains(key);
            return new Spot(!byName && BY_NAME.contains(key), counts && known);
        }

        Spot item() {
            return new Spot(false, counts);
        }
    }

    private void walk(JsonNode node, String base, int depth, Spot spot) throws GrammarException {
        if (depth > MOST_DEPTH) {
            throw tooLarge("nests more than " + MOST_DEPTH + " deep");
        }
        pool.budget().spend(1 + node.size());
        String own = base;
        if (node.isObject()) {
            if (!spot.byName) {
                boolean counts = spot.counts || which == Which.OF_ANYTHING;
                own = identified(node, base, counts);
                anchors(node, own, counts);
            }
            if (!own.equals(NO_BASE)) {
                pool.hold(BYTES_OF_BASE);
                bases.put(node, own);
            }
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                String key = entry.getKey();
                if (entry.getValue().isContainer() && (spot.byName || !DATA.contains(key))) {
                    walk(entry.getValue(), own, depth + 1, spot.below(key));
                }
            }
        } else {
            for (JsonNode item : node) {
                if (item.isContainer()) {
                    walk(item, own, depth + 1, spot.item());
                }
            }
        }
    }

    private void anchors(JsonNode node, String base, boolean counts) throws GrammarException {
        anchor(node, "$anchor", base, counts);
        if (anchor(node, "$dynamicAnchor", base, counts)) {
            dynamicAnchors.merge(node.path("$dynamicAnchor").stringValue(), 1, Integer::sum);
        }
        if (node.path("$recursiveAnchor").booleanValue(false)) {
            recursiveAnchors++;
        }
    }

    private static GrammarException tooLarge(String why) {
        return new GrammarException(GrammarException.Kind.TOO_LARGE, "", "", "the schema " + why);
    }

    /**
     * Checks an identifier's length: each is kept with the one that it is relative to, however many
     * there are.
     */
    private String counted(String name) throws GrammarException {
        characters += name.length();
        if (name.length() > MOST_OF_NAME || characters > MOST_OF_NAMES) {
            throw tooLarge(
                    "has identifiers of more than %d characters, or of %d together"
                            .formatted(MOST_OF_NAME, MOST_OF_NAMES));
        }
        return name;
    }

    private JsonNode identifier(JsonNode node) {
        boolean old = draft.compareTo(SchemaDraft.DRAFT_4) <= 0;
        boolean passedOver = draft.referenceStandsAlone() && node.has("$ref");
        if (which == Which.OF_SCHEMAS) {
            return passedOver ? MissingNode.getInstance() : node.path(old ? "id" : "$id");
        }
        if (node.has("$id")) {
            return node.path("$id");
        }
        return old || !named ? node.path("id") : MissingNode.getInstance();
    }

    private String identified(JsonNode node, String base, boolean counts) throws GrammarException {
        JsonNode id = identifier(node);
        if (!id.isString()) {
            return base;
        }
        String text = id.stringValue();
        int hash = text.indexOf('#');
        String own = resolved(base, hash < 0 ? text : text.substring(0, hash));
        if (hash == 0 || (hash > 0 && hash + 1 < text.length())) {
            String name = counted(own + text.substring(hash));
            if (counts) {
                anchors.putIfAbsent(name, node);
            }
            return base;
        }
        own = counted(own);
        if (counts) {
            resources.putIfAbsent(own, node);
        }
        return own;
    }

    private boolean anchor(JsonNode node, String keyword, String base, boolean counts)
            throws GrammarException {
        JsonNode name = node.path(keyword);
        if (!name.isString()) {
            return false;
        }
        String whole = counted(base + "#" + name.stringValue());
        if (counts) {
            anchors.putIfAbsent(whole, node);
        }
        return true;
    }

    /** A reference without a fragment as RFC 3986 (5.2) resolves it. */
    private static String resolved(String base, String reference) {
        if (reference.isEmpty()) {
            return base;
        }
        try {
            URI from = URI.create(base);
            if (reference.startsWith("?")) {
                String query = from.getRawQuery();
                int end = base.length() - (query == null ? 0 : query.length() + 1);
                return base.substring(0, end) + reference;
            }
            boolean bare = from.getRawAuthority() != null && from.getRawPath().isEmpty();
            if (bare) {
                from = new URI(from.getScheme() + "://" + from.getRawAuthority() + "/");
            }
            return from.resolve(reference).toString();
        } catch (URISyntaxException e) {
            return reference;
        } catch (IllegalArgumentException e) {
            return reference;
        }
    }

    /** Number of schemas whose {@code $recursiveAnchor} is true. */
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
        int hash = reference.indexOf('#');
        String resource = resolved(base, hash < 0 ? reference : reference.substring(0, hash));
        String fragment = hash < 0 ? "" : reference.substring(hash + 1);
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
}
