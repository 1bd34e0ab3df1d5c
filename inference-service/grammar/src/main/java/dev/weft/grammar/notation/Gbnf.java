package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Part;
import dev.weft.grammar.production.Productions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads GBNF (llama.cpp, grammars/README.md) and the EBNF of XGrammar, which adds to it. Line ends
 * matter only for comments and for the beginning of a rule, as in XGrammar.
 */
final class Gbnf {
    private static final String ALLOWED =
            "allowed: \"text\", [characters], '.', a rule's name, '(', '|'";

    /** XGrammar's macros, which say more than text. */
    private static final Set<String> MACROS =
            Set.of(
                    "TagDispatch",
                    "TokenTagDispatch",
                    "Token",
                    "ExcludeToken",
                    "AnyText",
                    "AnyTokens");

    private final Expressions pool;
    private final TextCursor in;
    private final GbnfCharacters characters;
    private final RuleNames names;

    Gbnf(Expressions pool, TextCursor in) {
        this.pool = pool;
        this.in = in;
        this.characters = new GbnfCharacters(pool, in);
        this.names = new RuleNames(in);
    }

    Productions read() throws GrammarException {
        int lineOfRule = -1;
        for (skip(); !in.atEnd(); skip()) {
            int place = in.at();
            if (lineOfRule >= 0 && in.since(lineOfRule).indexOf('\n') < 0) {
                throw in.invalid(place, "a rule begins on a line of its own");
            }
            lineOfRule = place;
            rule(place);
        }
        int root = names.root("root");
        List<Part> bodies = RuleBodies.checked(pool, in, names);
        return new Productions(
                new RegularRules(pool, bodies).merged(),
                root,
                new Productions.Lexemes(false, null));
    }

    private void rule(int place) throws GrammarException {
        String name = name();
        if (name.isEmpty()) {
            throw in.invalid(place, in.shown() + " is not a rule; expected: name ::= ...");
        }
        skip();
        if (in.peek() == '[') {
            throw in.unsupported(in.at(), "a rule's option", "leave out what stands in '[]'");
        }
        if (!in.take("::=")) {
            throw in.invalid(
                    in.at(),
                    "expected '::=' behind '%s', not %s"
                            .formatted(GrammarErrors.shortened(name), in.shown()));
        }
        Part body = either();
        if (in.peek() == ')') {
            throw in.invalid(in.at(), "')' closes nothing");
        }
        names.define(name, place, body);
    }

    private Part either() throws GrammarException {
        in.enter();
        List<Part> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (in.take("|"));
        in.leave();
        return branches.size() == 1 ? branches.getFirst() : new Part.Either(branches);
    }

    private Part sequence() throws GrammarException {
        List<Part> parts = new ArrayList<>();
        for (skip(); !endsSequence(); skip()) {
            parts.add(times(element()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Part.Sequence(parts);
    }

    private boolean endsSequence() {
        return in.atEnd() || in.peek() == '|' || in.peek() == ')' || isRule();
    }

    /** Whether a rule begins here. */
    private boolean isRule() {
        int start = in.at();
        boolean named = !name().isEmpty();
        skip();
        if (named && in.peek() == '[') {
            // brackets behind a name are a class, or a rule's option: '::=' follows only an option
            while (!in.atEnd() && in.peek() != ']' && in.peek() != '\n') {
                in.next();
            }
            in.take("]");
            skip();
        }
        boolean found = named && in.looksAt("::=");
        in.goTo(start);
        return found;
    }

    private Part element() throws GrammarException {
        int place = in.at();
        String name = name();
        if (!name.isEmpty()) {
            if (MACROS.contains(name) && in.peek() == '(') {
                throw in.unsupported(place, name, "rules say text");
            }
            return new Part.Call(names.of(name, place));
        }
        int c = in.peek();
        if (c == '<' || (c == '!' && in.peek(1) == '<')) {
            throw in.unsupported(place, "a token, " + in.shown() + ",", "rules say text");
        }
        in.next();
        return switch (c) {
            case '"' -> new Part.Text(characters.text());
            case '[' -> new Part.Text(characters.oneOf());
            case '.' -> new Part.Text(pool.character());
            case '(' -> group(place);
            default -> {
                in.goTo(place);
                throw in.invalid(place, "unexpected " + in.shown() + "; " + ALLOWED);
            }
        };
    }

    private Part group(int place) throws GrammarException {
        if (in.peek() == '=') {
            throw in.unsupported(place, "looking ahead, '(=',", "leave it out");
        }
        Part inner = either();
        if (!in.take(")")) {
            throw in.invalid(place, "'(' is not closed");
        }
        return inner;
    }

    private Part times(Part part) throws GrammarException {
        Part all = part;
        int operators = 0;
        try {
            for (int place = behindSpace(); ; place = behindSpace()) {
                if (in.take("*")) {
                    all = new Part.Repeated(all, 0, Part.UNBOUNDED);
                } else if (in.take("+")) {
                    all = new Part.Repeated(all, 1, Part.UNBOUNDED);
                } else if (in.take("?")) {
                    all = new Part.Repeated(all, 0, 1);
                } else if (in.take("{")) {
                    all = counted(all, place);
                } else {
                    return all;
                }
                in.enter();
                operators++;
            }
        } finally {
            for (; operators > 0; operators--) {
                in.leave();
            }
        }
    }

    private int behindSpace() {
        skip();
        return in.at();
    }

    private Part counted(Part part, int place) throws GrammarException {
        skip();
        int min = in.number();
        skip();
        int max = min;
        if (in.take(",")) {
            skip();
            max = in.number();
            skip();
            max = max < 0 ? Part.UNBOUNDED : max;
        }
        if (min < 0 || !in.take("}")) {
            throw in.invalid(place, "expected {m}, {m,} or {m,n} with numbers");
        }
        if (max != Part.UNBOUNDED && max < min) {
            throw in.invalid(place, "%s is out of order".formatted(in.since(place)));
        }
        return new Part.Repeated(part, min, max);
    }

    /** Letters, digits, underscores, hyphens, and dots between them; empty if there is none. */
    private String name() {
        int start = in.at();
        while (isNameCharacter(in.peek())
                || (in.peek() == '.' && in.at() > start && isNameCharacter(in.peek(1)))) {
            in.next();
        }
        return in.since(start);
    }

    private static boolean isNameCharacter(int c) {
        return c == '_'
                || c == '-'
                || (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z');
    }

    /** Skips whitespace and comments. */
    private void skip() {
        while (!in.atEnd()) {
            int c = in.peek();
            if (c == '#') {
                in.skipLine();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                in.next();
            } else {
                return;
            }
        }
    }
}
