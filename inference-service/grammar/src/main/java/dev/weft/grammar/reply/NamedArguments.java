package dev.weft.grammar.reply;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.json.JsonMachine;
import dev.weft.grammar.json.SharedStates;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.EndSpot;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.reply.format.ValueKind;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.scan.PhraseScan;
import dev.weft.grammar.schema.NamedTypes;
import dev.weft.grammar.schema.SchemaReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Arguments that are written one by one with their names. Each occurs once at most, and required
 * ones do occur. Other constraints of a schema on the object as a whole are refused.
 */
final class NamedArguments {
    private static final Pattern KEY = Pattern.compile("[^\\s<>=()\"',]{1,128}");
    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,127}");
    private static final int BYTES_OF_PLACE = 500;

    /** More bytes than any call has. */
    private static final int MUCH = 1 << 20;

    /** Keywords that say more of the object than such arguments are held to. */
    private static final Set<String> REFUSED =
            Set.of(
                    "$ref",
                    "$dynamicRef",
                    "$recursiveRef",
                    "allOf",
                    "anyOf",
                    "const",
                    "dependencies",
                    "dependentRequired",
                    "dependentSchemas",
                    "enum",
                    "if",
                    "maxProperties",
                    "minProperties",
                    "not",
                    "oneOf",
                    "patternProperties",
                    "propertyNames");

    private final Expressions pool;
    private final PhraseScan.Table phrases;
    private final SharedStates shared;
    private final CallSyntax.Arguments.Named how;
    private final GrammarOptions options;
    private final Position close;
    private final boolean ordered;
    private final List<String> keys = new ArrayList<>();
    private final Map<String, ValueRule> rules = new LinkedHashMap<>();

    /** Texts of the arguments that stand as they are. */
    private final Map<String, Expression> texts = new HashMap<>();

    private final Set<String> required = new HashSet<>();
    private final Map<Set<String>, Position> places = new HashMap<>();

    /** About how many bytes each argument's name and value take, with what is around them. */
    private final Map<String, Integer> names = new HashMap<>();

    private final Map<String, Integer> values = new HashMap<>();

    private final Expression closing;

    /**
     * The arguments of one tool.
     *
     * @param closing closes the arguments, and leads to {@code close}
     */
    NamedArguments(
            SharedStates shared,
            PhraseScan.Table phrases,
            CallSyntax.Arguments.Named how,
            Tool tool,
            GrammarOptions options,
            Expression closing,
            Position close)
            throws GrammarException {
        this.shared = shared;
        this.pool = shared.rules().pool;
        this.phrases = phrases;
        this.how = how;
        this.options = options;
        this.ordered = tool.strict();
        this.closing = closing;
        this.close = close;
        read(tool.parameters());
    }

    private void read(JsonNode schema) throws GrammarException {
        SchemaReader reader = new SchemaReader(shared.rules(), shared.constants(), schema);
        refuse(reader, schema);
        ObjectSchema whole = ObjectSchema.of(shared, reader, schema);
        JsonMachine machine = machine(whole.rule(), close);
        NamedTypes types = reader.types();
        schema.path("required").forEach(key -> required.add(key.stringValue()));
        JsonNode properties = schema.path("properties");
        for (String key : properties.propertyNames()) {
            boolean writable = (how.python() ? IDENTIFIER : KEY).matcher(key).matches();
            if (!writable || !Utf8Text.exists(key)) {
                throw refused(
                        "/properties/" + key,
                        "properties",
                        "has a name that this format can't write");
            }
            JsonNode property = properties.path(key);
            ValueRule rule = reader.read(property);
            if (machine.isSatisfiable(rule)) {
                keys.add(key);
                rules.put(key, rule);
                if (how.raw()) {
                    addText(key, rule, types.of(property));
                }
            }
        }
        for (String key : required) {
            if (!rules.containsKey(key)) {
                throw new GrammarException(
                        GrammarException.Kind.INVALID,
                        "/required",
                        "required",
                        "'"
                                + GrammarErrors.shortened(key)
                                + "' can't be written: no property allows it");
            }
        }
        whole.check(machine);
    }

    private static void refuse(SchemaReader reader, JsonNode schema) throws GrammarException {
        for (String keyword : schema.propertyNames()) {
            if (REFUSED.contains(keyword) && reader.knows(keyword)) {
                throw refused("", keyword, "is not served of arguments in this format");
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            throw refused("", "additionalProperties", "is a schema; allowed: true or false");
        }
    }

    private void addText(String key, ValueRule rule, Set<String> types) throws GrammarException {
        ValueKind kind = ValueKind.of(types);
        if (kind == ValueKind.JSON) {
            return;
        }
        String mark = how.close().text().strip();
        Expression text = new RawTexts(shared.rules()).of(rule, kind, types, mark);
        if (!pool.isLive(text)) {
            throw refused(
                    "/properties/" + key,
                    "properties",
                    "has '%s', which this format writes as a string by its schema's types, and which no string can be; say its type"
                            .formatted(GrammarErrors.shortened(key)));
        }
        texts.put(key, text);
    }

    private static GrammarException refused(String pointer, String keyword, String why) {
        return new GrammarException(
                GrammarException.Kind.UNSUPPORTED, pointer, keyword, keyword + " " + why);
    }

    private JsonMachine machine(ValueRule rule, Position end) {
        JsonMachine.Words words = how.python() ? JsonMachine.Words.PYTHON : JsonMachine.Words.JSON;
        return new JsonMachine(shared, rule, options, words, end);
    }

    /** Where the arguments begin. */
    Position begin() {
        return at(Set.of());
    }

    private Position at(Set<String> seen) {
        Position found = places.get(seen);
        if (found == null) {
            pool.hold(BYTES_OF_PLACE + 50L * keys.size());
            found = make(seen);
            places.put(seen, found);
        }
        return found;
    }

    private Position make(Set<String> seen) {
        List<PhraseSpot.Way> ways = new ArrayList<>();
        Phrase before =
                seen.isEmpty() || how.separator().isEmpty()
                        ? how.open()
                        : how.separator().then(how.open());
        for (String key : next(seen)) {
            Expression phrase =
                    pool.concat(
                            before.isEmpty() || !seen.isEmpty() ? Phrase.gap(pool) : pool.epsilon(),
                            before.expression(pool),
                            seen.isEmpty() ? pool.epsilon() : Phrase.gap(pool),
                            pool.literal(key),
                            how.between().expression(pool));
            ways.add(
                    new PhraseSpot.Way(
                            phrase,
                            Behind.of(
                                    _ -> value(key, with(seen, key)),
                                    () -> bytesOfValue(key) + left(with(seen, key)))));
        }
        if (seen.containsAll(required)) {
            ways.add(new PhraseSpot.Way(closing, Behind.of(() -> close)));
        }
        return PhraseSpot.at(phrases, ways);
    }

    /** The arguments that may come next. */
    private List<String> next(Set<String> seen) {
        List<String> next = new ArrayList<>();
        for (String key : keys) {
            if (ordered && seen.contains(key)) {
                next.clear();
            } else if (!seen.contains(key)) {
                next.add(key);
            }
        }
        if (ordered) {
            for (int i = 0; i < next.size(); i++) {
                if (required.contains(next.get(i))) {
                    return List.copyOf(next.subList(0, i + 1));
                }
            }
        }
        return next;
    }

    /**
     * About how many bytes the call needs to end behind some arguments: a sum, as there are too
     * many orders in which the others might come.
     */
    private int left(Set<String> seen) {
        int all = closing.shortest() + close.left();
        for (String key : required) {
            if (!seen.contains(key)) {
                all = Math.min(MUCH, all + bytesOfName(key) + bytesOfValue(key));
            }
        }
        return all;
    }

    private int bytesOfName(String key) {
        return names.computeIfAbsent(
                key,
                _ ->
                        how.open().expression(pool).shortest()
                                + key.getBytes(StandardCharsets.UTF_8).length
                                + how.between().expression(pool).shortest()
                                + how.separator().expression(pool).shortest());
    }

    private int bytesOfValue(String key) {
        return values.computeIfAbsent(
                key,
                _ -> {
                    Expression text = texts.get(key);
                    int value =
                            text == null
                                    ? machine(rule(key), EndSpot.END).start().left()
                                    : text.shortest();
                    return Math.min(MUCH, value + how.close().expression(pool).shortest());
                });
    }

    private static Set<String> with(Set<String> seen, String key) {
        Set<String> more = new HashSet<>(seen);
        more.add(key);
        return Set.copyOf(more);
    }

    private Position value(String key, Set<String> seen) {
        Expression end = how.close().expression(pool);
        Expression text = texts.get(key);
        if (text == null) {
            Position behind =
                    how.close().isEmpty()
                            ? at(seen)
                            : PhraseSpot.at(
                                    phrases, new PhraseSpot.Way(end, Behind.of(() -> at(seen))));
            return PhraseSpot.at(
                    phrases,
                    new PhraseSpot.Way(
                            Phrase.gap(pool), Behind.of(() -> machine(rule(key), behind).start())));
        }
        return PhraseSpot.at(
                phrases, new PhraseSpot.Way(pool.concat(text, end), Behind.of(() -> at(seen))));
    }

    private ValueRule rule(String key) {
        ValueRule rule = rules.get(key);
        if (rule == null) {
            throw new IllegalStateException(key);
        }
        return rule;
    }
}
