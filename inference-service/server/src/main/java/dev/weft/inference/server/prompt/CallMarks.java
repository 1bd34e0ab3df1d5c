package dev.weft.inference.server.prompt;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.CallSyntaxes;
import dev.weft.grammar.reply.format.Phrase;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The marks of formats: words in brackets, which may be added tokens. */
final class CallMarks {
    private static final Pattern MARK = Pattern.compile("<[^<> ]+>|\\[[A-Z_]+\\]");

    private CallMarks() {}

    static Set<String> of(CallSyntax syntax) {
        Set<String> marks = new LinkedHashSet<>();
        for (Phrase phrase : syntax.phrases()) {
            Matcher mark = MARK.matcher(phrase.text());
            while (mark.find()) {
                marks.add(mark.group());
            }
        }
        return marks;
    }

    /**
     * The format whose marks are all in what a template tells of tools, and that with the most, as
     * others have some of them, too. Empty if there is none, or two have the same marks. Formats
     * whose calls may begin without a mark are not found.
     *
     * @param told the prompt of a chat with tools
     * @param untold the same chat's without them
     */
    static Optional<CallSyntax> named(String told, String untold) {
        List<CallSyntax> named =
                CallSyntaxes.ALL.stream()
                        .filter(one -> one.place() == CallSyntax.Placement.ANYWHERE)
                        .filter(one -> isNamed(of(one), told, untold))
                        .toList();
        Optional<CallSyntax> most =
                named.stream().max(Comparator.comparingInt(one -> of(one).size()));
        return most.filter(
                one -> named.stream().filter(each -> of(each).equals(of(one))).count() == 1);
    }

    private static boolean isNamed(Set<String> marks, String told, String untold) {
        return !marks.isEmpty()
                && marks.stream().allMatch(mark -> told.contains(mark) && !untold.contains(mark));
    }
}
