package dev.weft.grammar.reply.format;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How a family of models writes calls of tools: {@code section.open call section.separator call
 * section.close}, and each call {@code call.open name call.between arguments call.close}.
 *
 * @param name as settings name it
 * @param place where calls may begin
 */
public record CallSyntax(String name, Placement place, Section section, Call call) {
    /** Characters of a tool's name. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

    /** Where calls may begin. */
    public enum Placement {
        /** Calls may begin behind any text, since no other text has what they begin with. */
        ANYWHERE,
        /** Calls begin the reply: it is calls, or text that doesn't look like calls. */
        START
    }

    /**
     * What is around all calls.
     *
     * @param open may be missing if calls are the whole reply
     */
    public record Section(Phrase open, Phrase separator, Phrase close) {}

    /** What is around the name and the arguments of a call. */
    public record Call(Phrase open, Phrase between, Arguments arguments, Phrase close) {}

    /** How arguments are written. */
    public sealed interface Arguments {
        /** A JSON object. */
        record Json() implements Arguments {}

        /**
         * Each argument with its name: {@code open name between value close}.
         *
         * @param separator between two arguments
         * @param raw whether strings stand as they are, up to {@code close}; else as in JSON
         * @param python whether words are Python's: True, False, None
         */
        record Named(
                Phrase open,
                Phrase between,
                Phrase close,
                Phrase separator,
                boolean raw,
                boolean python)
                implements Arguments {}
    }

    public CallSyntax {
        String before = call.open.text();
        boolean named = !before.isEmpty() && isNameCharacter(before.charAt(before.length() - 1));
        if (named || call.between.isEmpty() || isNameCharacter(call.between.text().charAt(0))) {
            throw new IllegalArgumentException(
                    name + ": a name would go on with '" + before + "' or '" + call.between + "'");
        }
    }

    public static boolean isNameCharacter(char c) {
        return (c < 128 && Character.isLetterOrDigit(c)) || "_.:/-".indexOf(c) >= 0;
    }

    /** Whether a tool may have this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The phrases behind which the first call's name may stand. */
    public List<Phrase> openings() {
        Phrase whole = section.open.then(call.open);
        return place == Placement.ANYWHERE || section.open.isEmpty() || isBracket()
                ? List.of(section.open.isEmpty() ? call.open : whole)
                : List.of(whole, call.open);
    }

    /** Whether the section is one bracket, which can't be missing. */
    private boolean isBracket() {
        return !section.close.isEmpty();
    }

    /** The phrase behind which the name of each further call stands. */
    public Phrase next() {
        return section.separator.isEmpty()
                ? new Phrase(" " + call.open.text())
                : section.separator.then(call.open);
    }

    /** Phrases of this syntax, in which added tokens may occur. */
    public List<Phrase> phrases() {
        return List.of(
                section.open,
                section.separator,
                section.close,
                call.open,
                call.between,
                call.close);
    }
}
