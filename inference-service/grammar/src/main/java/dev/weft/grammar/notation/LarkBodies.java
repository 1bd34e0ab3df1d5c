package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads what follows the colon of a rule or terminal of Lark. */
final class LarkBodies {
    static final String ALLOWED =
            "allowed: \"text\", /pattern/, a name, '(', '[', '|', and '*', '+', '?', '~' behind";

    private final TextCursor in;
    private final RuleNames names;
    private final LarkTexts texts;

    /** Number of open brackets. Within brackets, line ends count as spaces. */
    private int open;

    LarkBodies(TextCursor in, RuleNames names, LarkTexts texts) {
        this.in = in;
        this.names = names;
        this.texts = texts;
    }

    /**
     * Reads choices.
     *
     * @param terminal whether they are a terminal's
     */
    Part either(boolean terminal) throws GrammarException {
        in.enter();
        List<Part> branches = new ArrayList<>();
        do {
            branches.add(sequence(terminal));
        } while (nextBranch());
        in.leave();
        return branches.size() == 1 ? branches.getFirst() : new Part.Either(branches);
    }

    /** Takes a {@code |}, maybe on the next line; false if there is none. */
    private boolean nextBranch() {
        int place = in.at();
        skipLines();
        if (in.take("|")) {
            return true;
        }
        in.goTo(place);
        return false;
    }

    private Part sequence(boolean terminal) throws GrammarException {
        List<Part> parts = new ArrayList<>();
        for (skip(); !endsSequence(); skip()) {
            if (in.take("->")) {
                skip();
                if (terminal || name().isEmpty()) {
                    throw in.invalid(in.at(), "only a branch of a rule has a name behind '->'");
                }
                break;
            }
            parts.add(times(atom(terminal)));
        }
        skip();
        return parts.size() == 1 ? parts.getFirst() : new Part.Sequence(parts);
    }

    private boolean endsSequence() {
        int c = in.peek();
        return c < 0 || c == '\n' || c == '|' || c == ')' || c == ']';
    }

    private Part atom(boolean terminal) throws GrammarException {
        int place = in.at();
        String name = name();
        if (!name.isEmpty()) {
            return called(place, name, terminal);
        }
        int c = in.peek();
        return switch (c) {
            case '"' -> text(place, terminal, texts.textOrRange());
            case '/' -> text(place, terminal, texts.pattern());
            case '(' -> bracket(place, terminal, ")");
            case '[' -> new Part.Repeated(bracket(place, terminal, "]"), 0, 1);
            case '<' ->
                    throw in.unsupported(place, "a token, " + in.shown() + ",", "rules say text");
            case '@' -> throw in.unsupported(place, "a grammar in a grammar, '@',", "leave it out");
            case '~', '&' ->
                    throw in.unsupported(
                            place, "'" + (char) c + "' before a terminal", "leave it out");
            case '%' -> {
                in.next();
                throw in.unsupported(place, "%" + name(), "leave it out");
            }
            case '\'' -> throw in.invalid(place, "texts stand in double quotes, not single ones");
            default -> throw in.invalid(place, "unexpected " + in.shown() + "; " + ALLOWED);
        };
    }

    private Part called(int place, String name, boolean terminal) throws GrammarException {
        if (in.peek() == '{' && !isDigit(in.peek(1)) && in.peek(1) != ',') {
            throw in.unsupported(place, "a template", "write a rule for each use");
        }
        if (terminal && !Lark.isTerminal(name)) {
            throw in.invalid(
                    place,
                    "a terminal is made of texts and terminals, not of rule '%s'"
                            .formatted(GrammarErrors.shortened(name)));
        }
        return new Part.Call(names.of(name, place));
    }

    private Part text(int place, boolean terminal, Expression text) throws GrammarException {
        boolean nothing = in.since(place).equals("\"\"");
        if (!terminal && text.nullable() && !nothing) {
            throw in.invalid(
                    place,
                    "%s matches the empty text, which no terminal may; put '?' behind one that doesn't"
                            .formatted(GrammarErrors.shortened(in.since(place))));
        }
        return new Part.Text(text);
    }

    private Part bracket(int place, boolean terminal, String closing) throws GrammarException {
        in.next();
        open++;
        Part inner = either(terminal);
        skip();
        open--;
        if (!in.take(closing)) {
            throw in.invalid(place, "the bracket is not closed by '" + closing + "'");
        }
        return inner;
    }

    private Part times(Part part) throws GrammarException {
        int place = in.at();
        skip();
        int operator = in.at();
        if (in.take("*")) {
            return new Part.Repeated(part, 0, Part.UNBOUNDED);
        }
        if (in.take("+")) {
            return new Part.Repeated(part, 1, Part.UNBOUNDED);
        }
        if (in.take("?")) {
            return new Part.Repeated(part, 0, 1);
        }
        if (in.take("~")) {
            skip();
            int min = in.number();
            skip();
            boolean several = in.take("..");
            skip();
            return counted(part, operator, min, several ? in.number() : min);
        }
        if (in.take("{")) {
            skip();
            int min = in.number();
            skip();
            int max = min;
            if (in.take(",")) {
                skip();
                max = in.peek() == '}' ? Part.UNBOUNDED : in.number();
                min = Math.max(min, 0);
                skip();
            }
            if (!in.take("}")) {
                throw in.invalid(operator, "expected {m}, {m,}, {,n} or {m,n} with numbers");
            }
            return max == Part.UNBOUNDED && min >= 0
                    ? new Part.Repeated(part, min, max)
                    : counted(part, operator, min, max);
        }
        in.goTo(place);
        return part;
    }

    private Part counted(Part part, int place, int min, int max) throws GrammarException {
        if (min < 0 || max < min) {
            throw in.invalid(
                    place,
                    "'%s' is not a number of times; allowed: ~ n, ~ n..m, {n}, {n,m}"
                            .formatted(GrammarErrors.shortened(in.since(place))));
        }
        return new Part.Repeated(part, min, max);
    }

    /** A name; empty if there is none. */
    String name() {
        int start = in.at();
        while (isNameCharacter(in.peek())
                || (in.peek() == '-' && in.at() > start && isNameCharacter(in.peek(1)))) {
            if (in.at() == start && isDigit(in.peek())) {
                break;
            }
            in.next();
        }
        return in.since(start);
    }

    private static boolean isNameCharacter(int c) {
        return c == '_' || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Skips spaces, comments and escaped line ends; other line ends, too, if a bracket is open. */
    void skip() {
        skip(open > 0);
    }

    /** Skips spaces, comments and all line ends. */
    void skipLines() {
        skip(true);
    }

    private void skip(boolean lines) {
        while (!in.atEnd()) {
            int c = in.peek();
            if (c == '#' || (c == '/' && in.peek(1) == '/')) {
                in.skipLine();
            } else if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
                in.next();
            } else if (c == '\\' && in.peek(1) == '\n') {
                in.next();
                in.next();
            } else {
                return;
            }
        }
    }
}
