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
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.scan.PhraseScan;
import dev.weft.grammar.schema.Contradiction;
import dev.weft.grammar.schema.SchemaReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Builds the grammar of text with tags. */
public final class TagGrammar {
    /** Texts that are compared in about a step of work. */
    private static final int COMPARED_IN_A_STEP = 16;

    private static final String JSON_BEGINS = "{[\"-0123456789tfn \t\n\r";

    private final Expressions pool;
    private final PhraseScan.Table phrases;
    private final TagRule rule;
    private final Position text;

    /** The place behind a tag, if more may come: the text may end there, too. */
    private final Position more;

    /** The place behind each trigger, where a tag goes on. */
    private final List<Position> begun = new ArrayList<>();

    /** Each tag from its JSON on. */
    private final List<Machine.Part> parts = new ArrayList<>();

    private TagGrammar(Expressions pool, TagRule rule) {
        this.pool = pool;
        this.phrases = new PhraseScan.Table(pool);
        this.rule = rule;
        this.text = TextSpot.at(rule.triggers(), begun::get, () -> !rule.required());
        this.more = TextSpot.at(rule.triggers(), begun::get, () -> true);
    }

    /**
     * The grammar of a text with tags.
     *
     * @throws GrammarException points to the tag that it is about by {@code /structures/} and its
     *     place
     */
    public static Machine of(Expressions pool, TagRule rule, GrammarOptions options)
            throws GrammarException {
        TagGrammar grammar = new TagGrammar(pool, rule);
        grammar.build(options);
        return new ReplyMachine(
                grammar.text, grammar.parts, pool.budget(), new ReentrantLock(), null);
    }

    private void build(GrammarOptions options) throws GrammarException {
        check();
        SharedStates shared = SharedStates.withinText(pool, options);
        List<List<PhraseSpot.Way>> ways = new ArrayList<>();
        rule.triggers().forEach(_ -> ways.add(new ArrayList<>()));
        for (int i = 0; i < rule.tags().size(); i++) {
            Tag tag = rule.tags().get(i);
            int trigger = trigger(tag, i);
            Position inside = inside(shared, tag, i, options);
            parts.add(
                    new Machine.Part(
                            "text behind '" + GrammarErrors.shortened(tag.begin()) + "'", inside));
            String rest = tag.begin().substring(rule.triggers().get(trigger).length());
            ways.get(trigger)
                    .add(new PhraseSpot.Way(Phrase.exact(pool, rest), Behind.of(() -> inside)));
        }
        for (int i = 0; i < ways.size(); i++) {
            if (ways.get(i).isEmpty()) {
                throw invalid("/triggers/" + i, "no tag begins with it");
            }
            begun.add(PhraseSpot.at(phrases, ways.get(i)));
        }
    }

    /** Refuses marks that no answer can have. */
    private void check() throws GrammarException {
        for (int i = 0; i < rule.triggers().size(); i++) {
            check(rule.triggers().get(i), "/triggers/" + i);
        }
        for (int i = 0; i < rule.tags().size(); i++) {
            check(rule.tags().get(i).begin(), "/structures/" + i + "/begin");
            check(rule.tags().get(i).end(), "/structures/" + i + "/end");
            checkOthers(i);
        }
    }

    /** Refuses a tag that could not be told from one before it. */
    private void checkOthers(int index) throws GrammarException {
        pool.budget().spend(1 + index / COMPARED_IN_A_STEP);
        Tag tag = rule.tags().get(index);
        for (int i = 0; i < index; i++) {
            Tag other = rule.tags().get(i);
            if (!tag.equals(other) && (hides(tag, other) || hides(other, tag))) {
                throw invalid(
                        "/structures/" + index + "/begin",
                        "what follows it could be meant for it or for /structures/%d; allowed: no two tags with the same begin, and none whose begin goes on behind that of another one"
                                .formatted(i));
            }
        }
    }

    /**
     * Whether a tag that has begun leaves no way to another one. If its begin is a whole trigger,
     * another tag may still go on behind it with a character that no JSON begins with.
     */
    private boolean hides(Tag tag, Tag other) {
        String begin = tag.begin();
        return other.begin().startsWith(begin)
                && (other.begin().length() == begin.length()
                        || !rule.triggers().contains(begin)
                        || JSON_BEGINS.indexOf(other.begin().charAt(begin.length())) >= 0);
    }

    private static void check(String mark, String pointer) throws GrammarException {
        if (!Utf8Text.exists(mark)) {
            throw invalid(pointer, "it has half of a surrogate pair, which is not a character");
        }
    }

    private int trigger(Tag tag, int index) throws GrammarException {
        for (int i = 0; i < rule.triggers().size(); i++) {
            if (tag.begin().startsWith(rule.triggers().get(i))) {
                return i;
            }
        }
        throw invalid("/structures/" + index + "/begin", "it begins with none of the triggers");
    }

    private static GrammarException invalid(String pointer, String why) {
        return new GrammarException(GrammarException.Kind.INVALID, pointer, "structural_tag", why);
    }

    private Position inside(SharedStates shared, Tag tag, int index, GrammarOptions options)
            throws GrammarException {
        Position behind = rule.several() ? more : EndSpot.END;
        Expression end = Phrase.exact(pool, tag.end());
        Position closing = PhraseSpot.at(phrases, new PhraseSpot.Way(end, Behind.of(() -> behind)));
        try {
            SchemaReader reader =
                    new SchemaReader(shared.rules(), shared.constants(), tag.schema());
            ValueRule value = reader.read(tag.schema());
            JsonMachine machine =
                    new JsonMachine(shared, value, options, JsonMachine.Words.JSON, closing);
            if (!machine.isSatisfiable(value)) {
                throw Contradiction.of(reader, tag.schema(), machine::isSatisfiable);
            }
            return machine.start();
        } catch (GrammarException e) {
            throw new GrammarException(
                    e.kind(),
                    "/structures/" + index + "/schema" + e.pointer(),
                    e.keyword(),
                    String.valueOf(e.getMessage()));
        }
    }
}
