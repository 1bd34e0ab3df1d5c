package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarErrors;
import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.production.Part;
import dev.weft.grammar.production.Productions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads grammars of Lark, those parts that llguidance reads (its docs/syntax.md). A rule ends with
 * its line, unless the next line begins with {@code |} or a bracket is open.
 */
final class Lark {
    private final Expressions pool;
    private final TextCursor in;
    private final LarkTexts texts;
    private final RuleNames names;
    private final LarkBodies bodies;
    private final List<Ignored> ignored = new ArrayList<>();

    /** What may stand between terminals, and where that is said. */
    private record Ignored(Part part, int place) {}

    Lark(Expressions pool, TextCursor in) {
        this.pool = pool;
        this.in = in;
        this.texts = new LarkTexts(pool, in);
        this.names = new RuleNames(in);
        this.bodies = new LarkBodies(in, names, texts);
    }

    Productions read() throws GrammarException {
        for (bodies.skipLines(); !in.atEnd(); bodies.skipLines()) {
            if (in.peek() == '%') {
                directive();
            } else {
                definition();
            }
            bodies.skip();
            if (!in.atEnd() && in.peek() != '\n') {
                throw in.invalid(in.at(), "unexpected " + in.shown() + "; " + LarkBodies.ALLOWED);
            }
        }
        int root = names.root("start");
        List<Part> checked = RuleBodies.checked(pool, in, names);
        LarkTerminals terminals = new LarkTerminals(pool, in, names);
        List<Part> rules = new ArrayList<>();
        for (int rule = 0; rule < checked.size(); rule++) {
            boolean terminal = isTerminal(names.get(rule).name);
            // rules' bodies get the terminals' texts in place of calls
            rules.add(
                    terminal
                            ? new Part.Text(terminals.text(rule))
                            : terminals.resolved(checked.get(rule)));
        }
        return new Productions(rules, root, new Productions.Lexemes(true, ignored(terminals)));
    }

    private @Nullable Expression ignored(LarkTerminals terminals) throws GrammarException {
        List<Expression> all = new ArrayList<>();
        for (Ignored one : ignored) {
            Expression text = terminals.text(one.part);
            if (text.nullable()) {
                throw in.invalid(one.place, "what is ignored matches the empty text");
            }
            all.add(text);
        }
        return all.isEmpty() ? null : pool.or(all);
    }

    /** Whether a name's first letter is one of upper case. */
    static boolean isTerminal(String name) {
        int letter = 0;
        while (letter < name.length() && !Character.isLetter(name.charAt(letter))) {
            letter++;
        }
        return letter < name.length() && Character.isUpperCase(name.charAt(letter));
    }

    private void definition() throws GrammarException {
        int place = in.at();
        while (in.peek() == '?' || in.peek() == '!') {
            in.next();
        }
        String name = bodies.name();
        if (name.isEmpty()) {
            throw in.invalid(place, in.shown() + " is not a rule; expected: name: ...");
        }
        bodies.skip();
        switch (in.peek()) {
            case '.' -> throw in.unsupported(in.at(), "a priority", "leave it out");
            case '{' -> throw in.unsupported(in.at(), "a template", "write a rule for each use");
            case '[' -> throw in.unsupported(in.at(), "a rule's option", "leave it out");
            default -> {}
        }
        if (!in.take(":")) {
            throw in.invalid(
                    in.at(),
                    "expected ':' behind '%s', not %s"
                            .formatted(GrammarErrors.shortened(name), in.shown()));
        }
        names.define(name, place, bodies.either(isTerminal(name)));
    }

    private void directive() throws GrammarException {
        int place = in.at();
        in.next();
        String name = bodies.name();
        bodies.skip();
        switch (name) {
            case "ignore" -> {
                int at = in.at();
                ignored.add(new Ignored(bodies.either(true), at));
            }
            case "import" -> imports(place);
            case "llguidance" -> options(place);
            default ->
                    throw in.unsupported(
                            place, "%" + name, "allowed: %ignore, %import common.NAME");
        }
    }

    /** {@code %llguidance {}} says only who is to read the grammar. */
    private void options(int place) throws GrammarException {
        boolean empty = in.take("{");
        bodies.skip();
        if (!empty || !in.take("}")) {
            throw in.unsupported(place, "%llguidance with options", "allowed: {}");
        }
    }

    private void imports(int place) throws GrammarException {
        String from = bodies.name();
        if (!from.equals("common")) {
            throw in.unsupported(place, "%import of other grammars", "allowed: common");
        }
        if (in.take(".")) {
            String name = bodies.name();
            bodies.skip();
            String as = name;
            if (in.take("->")) {
                bodies.skip();
                as = bodies.name();
            }
            define(place, name, as);
            return;
        }
        bodies.skip();
        if (!in.take("(")) {
            throw in.invalid(in.at(), "expected %import common.NAME or %import common (NAME, ...)");
        }
        do {
            bodies.skipLines();
            String name = bodies.name();
            define(place, name, name);
            bodies.skipLines();
        } while (in.take(","));
        if (!in.take(")")) {
            throw in.invalid(in.at(), "expected ')', not " + in.shown());
        }
    }

    private void define(int place, String name, String as) throws GrammarException {
        String pattern = CommonTerminals.all().get(name);
        if (pattern == null) {
            throw in.invalid(
                    place,
                    "there is no common.%s; allowed: %s"
                            .formatted(
                                    GrammarErrors.shortened(name),
                                    String.join(", ", CommonTerminals.all().keySet())));
        }
        if (!isTerminal(as)) {
            throw in.invalid(
                    place, "a terminal's name begins with an upper-case letter, not '" + as + "'");
        }
        names.define(as, place, new Part.Text(texts.pattern(place, pattern, false, false)));
    }
}
